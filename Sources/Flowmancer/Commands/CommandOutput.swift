import FlowmancerJobFile
import FlowmancerSystem
import FlowmancerTerminal
import Glibc
import SystemPackage

/// Where the commands put what they found.
enum CommandOutput {
    /// Prints text whose parts were made printable.
    ///
    /// - Throws: ``Failure`` if it cannot be printed; nothing if nobody reads any more.
    static func print(_ text: String) throws {
        do {
            try Console.standard.printResult(text)
        } catch {
            throw Failure(reason: "\(error)")
        }
    }

    /// Nobody reads the standard output any more.
    struct ReaderGone: ProgramError {}

    /// Prints bytes as they are, which need not be text.
    ///
    /// - Throws: ``Failure`` if they cannot be printed, ``ReaderGone`` if nobody reads any more.
    static func print(_ bytes: ArraySlice<UInt8>) throws {
        let (reason, isGone) = bytes.withUnsafeBytes { bytes in
            WriteSignals.withheld {
                var (count, reason): (Int, Errno?) = (0, nil)
                while count < bytes.count, reason == nil {
                    let result = write(STDOUT_FILENO, bytes.baseAddress?.advanced(by: count), bytes.count - count)
                    if result > 0 { count += result } else if Errno.current != .interrupted { reason = .current }
                }
                return ((reason, reason == .brokenPipe), reason == .brokenPipe)
            }
        }
        if isGone { throw ReaderGone() }
        if let reason { throw Failure(reason: "\(reason)") }
    }

    /// How wide lines for people should be at most.
    static var columns: Int {
        let console = Console.standard
        return console.isLive ? console.size.columns : 100
    }

    /// The standard output took nothing, or not all.
    struct Failure: ProgramError, CustomStringConvertible {
        let reason: String

        var description: String {
            "cannot write to the standard output: \(reason); free some space on the disk, or redirect the output"
        }
    }

    static func print(json value: ParameterValue) throws {
        try print(json(value))
    }

    /// Returns a value as JSON, without a line feed at its end.
    static func json(_ value: ParameterValue) throws -> String {
        var writer = JSONWriter(escapesVariables: false)
        try writer.write(value)
        return String(writer.text.dropLast())
    }
}
