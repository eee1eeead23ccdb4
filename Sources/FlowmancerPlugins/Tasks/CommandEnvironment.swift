import FlowmancerCore
import Glibc

/// The environment of a command: that of this process with changes, as the system takes it.
///
/// What does not change is not copied, and stays as it is: values are bytes that need not be text.
final class CommandEnvironment {
    /// `NAME=value` for every variable, then a null pointer.
    private var entries: [UnsafeMutablePointer<CChar>?] = []
    /// Those of the entries that belong to this object.
    private let changes: [UnsafeMutablePointer<CChar>]

    /// - Parameter values: The values by name; `nil` removes a variable.
    init(changing values: [String: String?]) {
        changes = values.compactMap { name, value in value.flatMap { "\(name)=\($0)".withSystemText(strdup) } }
        let names = values.keys.map { Array("\($0)=".utf8CString.dropLast()) }
        var entry = environ
        while let variable = entry.pointee {
            let isChanged = names.contains { strncmp(variable, $0, $0.count) == 0 }
            if !isChanged { entries.append(variable) }
            entry += 1
        }
        entries += changes
        entries.append(nil)
    }

    deinit {
        for change in changes { free(change) }
    }

    /// Calls a function with the environment.
    func withPointers<Result>(_ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
        withExtendedLifetime(self) { body(entries) }
    }
}
