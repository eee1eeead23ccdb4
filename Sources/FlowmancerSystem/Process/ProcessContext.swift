import FlowmancerCore
import Glibc

/// What this process was started with. Its texts stand for the system's bytes, which need not be valid UTF-8.
package enum ProcessContext {
    /// The program's name, then the arguments.
    package static var arguments: [String] {
        (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map { String(systemText: $0) } }
    }

    /// The variables by name; of several with one name, the first, as for getenv(3).
    package static var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let variable = entry.pointee {
            entry += 1
            // The bytes decide where the name ends: a value may begin with a combining character.
            guard let sign = strchr(variable, Int32(UInt8(ascii: "="))) else { continue }
            let name = String(systemBytes: UnsafeRawBufferPointer(start: variable, count: sign - variable))
            if variables[name] == nil { variables[name] = String(systemText: sign + 1) }
        }
        return variables
    }

    /// The value of a variable; `nil` if it is not set.
    package static func variable(_ name: String) -> String? {
        getenv(name).map { String(systemText: $0) }
    }
}
