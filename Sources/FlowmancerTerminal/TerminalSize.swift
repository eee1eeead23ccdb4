import Glibc

/// How many characters a terminal shows.
package struct TerminalSize: Sendable, Hashable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// Asks the terminal behind a descriptor; otherwise the environment, and otherwise the size terminals used to have.
    package static func current(of descriptor: Int32) -> TerminalSize {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 {
            return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
        }
        return TerminalSize(columns: number("COLUMNS") ?? 80, rows: number("LINES") ?? 24)
    }

    private static func number(_ variable: String) -> Int? {
        environmentValue(variable).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
}

/// Returns a variable of the environment, unless it is missing or empty.
func environmentValue(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}
