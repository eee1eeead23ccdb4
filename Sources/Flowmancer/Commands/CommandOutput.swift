import FlowmancerJobFile
import FlowmancerPlugins

/// Where the commands put what they found.
enum CommandOutput {
    /// Prints text whose parts were made printable.
    static func print(_ text: String) {
        Console.standard.print(text)
    }

    static func print(json value: ParameterValue) throws {
        print(try json(value))
    }

    /// Returns a value as JSON, without a line feed at its end.
    static func json(_ value: ParameterValue) throws -> String {
        var writer = JSONWriter(escapesVariables: false)
        try writer.write(value)
        return String(writer.text.dropLast())
    }
}
