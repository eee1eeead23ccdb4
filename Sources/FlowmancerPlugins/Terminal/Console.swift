import Glibc
import Synchronization
package import SystemPackage

/// The place where a program talks to the person who started it.
///
/// Messages scroll; a live region stays below them and is redrawn in place. Only what goes through the console is kept
/// apart from the region, so everything that prints uses ``standard``.
package final class Console: Sendable {
    /// The console of the process.
    package static let standard = Console(
        output: ConsoleStream(descriptor: STDOUT_FILENO),
        errorOutput: ConsoleStream(descriptor: STDERR_FILENO),
        size: { TerminalSize.current(of: STDOUT_FILENO) },
        style: TerminalStyle(
            isColoured: isatty(STDOUT_FILENO) == 1 && environmentValue("NO_COLOR") == nil
                && environmentValue("TERM") ?? "dumb" != "dumb",
            isUnicode: (environmentValue("LC_ALL") ?? environmentValue("LC_CTYPE") ?? environmentValue("LANG") ?? "")
                .lowercased().replacing("-", with: "").hasSuffix("utf8")
        ),
        canRedraw: environmentValue("TERM") ?? "dumb" != "dumb"
    )

    private let output: ConsoleStream
    private let errorOutput: ConsoleStream
    private let sizeSource: @Sendable () -> TerminalSize
    /// The colours that messages on this console should have.
    package let style: TerminalStyle
    /// Whether there is a terminal on which a live region can be redrawn; without one, live regions are not shown.
    package let isLive: Bool

    private let footer = Mutex<(@Sendable () -> String)?>(nil)
    /// The lines of the live region, as they are drawn.
    private let region = Mutex<[String]>([])
    /// Keeps error messages apart where no live region does.
    private let errors = Mutex(())
    /// How many runs send data to the output.
    private let reservations = Mutex(0)

    /// - Parameters:
    ///   - output: Where messages and the live region go.
    ///   - errorOutput: Where error messages go.
    ///   - size: Returns the present size of the terminal.
    ///   - style: The colours to use.
    ///   - canRedraw: Whether the terminal understands movements of its cursor.
    package init(
        output: ConsoleStream,
        errorOutput: ConsoleStream,
        size: @escaping @Sendable () -> TerminalSize,
        style: TerminalStyle,
        canRedraw: Bool = true
    ) {
        self.output = output
        self.errorOutput = errorOutput
        self.style = style
        sizeSource = size
        isLive = output.isTerminal && canRedraw
    }

    /// The size of the terminal.
    package var size: TerminalSize { sizeSource() }

    /// Prints a message, above the live region if there is one.
    ///
    /// A run goes on without regard to whether it can be seen.
    package func print(_ message: String) {
        guard reservations.withLock({ $0 == 0 }) else { return printError(message) }
        try? printResult(message)
    }

    /// Keeps the output for ``printResult(_:)``, so that another program can read it: until ``releaseOutput()``, messages go
    /// to the error output. A terminal is read by a person, who sees all in one place as before.
    package func reserveOutput() {
        if !output.isTerminal { reservations.withLock { $0 += 1 } }
    }

    /// Ends a reservation; the last one that ends lets messages back in.
    package func releaseOutput() {
        reservations.withLock { $0 = max(0, $0 - 1) }
    }

    /// Prints a message that is what the program was called for.
    ///
    /// - Throws: The reason if the output does not take it. A pipe whose reader went away is none.
    package func printResult(_ message: String) throws(Errno) {
        let failure = region.withLock { region in
            output.write(Array("\(erasing(region))\(message)\n\(drawing(region))".utf8))
        }
        if let failure { throw failure }
    }

    /// Prints a message to the error output, above the live region if both share a terminal.
    package func printError(_ message: String) {
        let bytes = Array("\(message)\n".utf8)
        // An output that nobody reads must not hold up what is said about it.
        guard isLive, errorOutput.isTerminal else { return errors.withLock { _ in _ = errorOutput.write(bytes) } }
        region.withLock { region in
            if !region.isEmpty { _ = output.write(Array(erasing(region).utf8)) }
            _ = errorOutput.write(bytes)
            if !region.isEmpty { _ = output.write(Array(drawing(region).utf8)) }
        }
    }

    /// Sets a line that is drawn below the live region whenever that is, or takes it away.
    package func setFooter(_ footer: (@Sendable () -> String)?) {
        self.footer.withLock { $0 = footer }
    }

    /// Draws the live region, in place of the one that was drawn before.
    ///
    /// - Parameter lines: The lines; they are cut to the size of the terminal. Control characters other than colours
    ///   must not occur in them.
    package func setLiveRegion(_ lines: [String]) {
        guard isLive else { return }
        let size = size
        region.withLock { region in
            guard output.isReady() else { return }
            let footer = lines.isEmpty ? nil : footer.withLock { $0 }?()
            let room = max(1, size.rows - (footer == nil ? 1 : 2))
            let new = (lines.prefix(room) + [footer].compactMap(\.self)).map { DisplayWidth.cut($0, to: size.columns) }
            guard new != region else { return }
            // Every line is written over the one before and its rest cleared: that does not flicker.
            _ = output.write(Array("\(movingToStart(of: region))\(drawing(new))\u{1B}[J".utf8))
            region = new
        }
    }

    /// Ends the live region: what is printed from now on comes below it.
    ///
    /// - Parameter isKept: Whether its last picture stays.
    package func endLiveRegion(isKept: Bool = true) {
        region.withLock { region in
            if !isKept, !region.isEmpty { _ = output.write(Array(erasing(region).utf8)) }
            region = []
        }
    }

    private func drawing(_ region: [String]) -> String {
        guard !region.isEmpty else { return "" }
        // The terminal must not break lines: it may think that a sign is wider than it was taken for here.
        return "\u{1B}[?7l" + region.map { "\($0)\u{1B}[K\n" }.joined() + "\u{1B}[?7h"
    }

    private func erasing(_ region: [String]) -> String {
        region.isEmpty ? "" : "\(movingToStart(of: region))\u{1B}[J"
    }

    /// Where the terminal became narrower, it broke the lines that it shows.
    private func movingToStart(of region: [String]) -> String {
        guard !region.isEmpty else { return "" }
        let columns = max(1, size.columns)
        let rows = region.reduce(0) { $0 + max(1, (DisplayWidth.of($1) + columns - 1) / columns) }
        return "\r\u{1B}[\(rows)A"
    }
}
