import FlowmancerCore
import FlowmancerSystem
import Glibc

/// Where a command of a ``Shell`` task starts, and with which environment.
///
/// Like a shell, it makes `PWD` name the directory: a program that is started without one is not to see another's.
struct ShellSetting {
    /// `nil` for the directory of this process.
    let directory: String?
    /// `nil` for the environment of this process.
    let environment: CommandEnvironment?

    /// - Throws: ``ShellError/missingDirectory(_:)``.
    init(_ changes: EnvironmentChanges, _ given: CommandDirectory?, in context: FlowContext) throws(ShellError) {
        // A worker begins every attempt in the app root, with a PWD that says so.
        guard given != nil || !changes.values.isEmpty || context.appRoot == nil else {
            (directory, environment) = (nil, nil)
            return
        }
        let appRoot = context.appRoot ?? FileSystem.currentDirectory ?? "."
        var values = changes.values
        if let given {
            guard let place = given.resolved(from: appRoot) else { throw .missingDirectory(given.path) }
            directory = place.path
            values["PWD"] = place.name
        } else {
            directory = nil
            values["PWD"] = appRoot
        }
        environment = CommandEnvironment(changing: values)
    }
}
