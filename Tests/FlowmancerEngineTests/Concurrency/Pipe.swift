import Glibc

/// A pipe of a test.
final class Pipe {
    let input: Int32
    private(set) var output: Int32

    init() throws {
        struct NoPipe: Error {}
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw NoPipe() }
        (input, output) = (ends[0], ends[1])
    }

    func write(_ text: String) {
        _ = Glibc.write(output, text, text.utf8.count)
    }

    func closeOutput() {
        if output >= 0 { close(output) }
        output = -1
    }

    deinit {
        // The input may have been closed by who read it, and its number be somebody else's: it is left to the process.
        closeOutput()
    }
}
