import FlowmancerJobFile
import FlowmancerTerminal

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

    /// How wide lines for people should be at most.
    static var columns: Int {
        let console = Console.standard
        return console.isLive ? console.size.columns : 100
    }

    /// The standard output took nothing, or not all.
    struct Failure: Error, CustomStringConvertible {
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
