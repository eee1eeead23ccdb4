/// The lines at the bottom of a terminal that are drawn again and again, and what has to be written for that.
struct LiveRegion {
    /// Terminals learn of a new size at different moments than the programs in them: after so many pictures of one size
    /// both mean the same.
    private static let settlingPictures = 3

    /// As they are drawn.
    private var lines: [String] = []
    private var size: TerminalSize?
    private var picturesInSize = 0

    var isEmpty: Bool { lines.isEmpty }

    /// What is on the screen is not ours to change any more: another program has written there, or it stays.
    mutating func forget() {
        lines = []
        size = nil
    }

    /// Takes note of the present size of the terminal.
    ///
    /// - Returns: Whether to draw: not while the size changes, since every change may leave a part of a line behind.
    mutating func isSettled(in size: TerminalSize) -> Bool {
        if self.size == nil || lines.isEmpty {
            picturesInSize = Self.settlingPictures
        } else if size != self.size {
            picturesInSize = 0
        } else {
            picturesInSize = min(Self.settlingPictures, picturesInSize + 1)
        }
        self.size = size
        return picturesInSize == Self.settlingPictures
    }

    /// Takes over new lines.
    ///
    /// - Returns: What draws them over the ones before; `nil` if they are the same.
    mutating func replace(with new: [String]) -> String? {
        guard new != lines else { return nil }
        let start = movingToStart
        lines = new
        // Every line is written over the one before and its rest cleared: that does not flicker.
        return "\(start)\(drawing)\u{1B}[J"
    }

    /// What draws the lines where the cursor is.
    var drawing: String {
        guard !lines.isEmpty else { return "" }
        // The terminal must not break lines: it may think that a sign is wider than it was taken for here.
        return "\u{1B}[?7l" + lines.map { "\($0)\u{1B}[K\n" }.joined() + "\u{1B}[?7h"
    }

    /// What removes the lines, and leaves the cursor where the first one began.
    var erasing: String { lines.isEmpty ? "" : "\(movingToStart)\u{1B}[J" }

    /// A terminal that became narrower may have broken some lines, or not, as it pleases. Going up by what they take at
    /// least erases nothing that was printed above them.
    private var movingToStart: String { lines.isEmpty ? "" : "\r\u{1B}[\(lines.count)A" }
}
