import FlowmancerCore
import Glibc

/// The directory that tasks and plug-ins start in: the app root.
package enum StartDirectory {
    /// Makes the variable `PWD` name the working directory, as a shell does when it starts, for the programs that this
    /// process starts.
    ///
    /// - Returns: Its absolute path: the one that `PWD` had if that was right, also by symbolic links; `nil` if it was
    ///   removed.
    @discardableResult
    package static func settle() -> String? {
        if let name = ProcessContext.variable("PWD"), isPresentDirectory(name) { return name }
        guard let path = FileSystem.currentDirectory else { return nil }
        _ = path.withSystemText { setenv("PWD", $0, 1) }
        return path
    }

    private static func isPresentDirectory(_ path: String) -> Bool {
        let components = path.split(separator: "/")
        guard path.isAbsolutePath, !components.contains("."), !components.contains("..") else { return false }
        guard let identity = FileIdentity(of: path) else { return false }
        return identity == FileIdentity(of: ".")
    }
}
