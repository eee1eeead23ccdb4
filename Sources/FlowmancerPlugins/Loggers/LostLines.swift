/// Counts the lines that could not be written, so that people learn of them at the end.
struct LostLines {
    private var count = 0
    private var reason: (any Error)?

    /// Writes a line, and counts it if that fails.
    ///
    /// - Throws: What `write` throws.
    mutating func counting(_ write: () throws -> Void) throws {
        do {
            try write()
        } catch {
            add(1, error)
            throw error
        }
    }

    /// Counts lines that were lost for some reason.
    mutating func add(_ lines: Int, _ reason: any Error) {
        count += lines
        self.reason = reason
    }

    /// - Throws: How many lines were lost, and why the last one was, if any were.
    func check() throws {
        guard count > 0, let reason else { return }
        throw Failure(count: count, reason: reason)
    }

    private struct Failure: Error, CustomStringConvertible {
        let count: Int
        let reason: any Error

        var description: String { "\(count) \(count == 1 ? "line was" : "lines were") lost: \(reason)" }
    }
}
