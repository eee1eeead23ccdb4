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
        if let name = getenv("PWD"), isPresentDirectory(name) { return String(systemText: name) }
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        setenv("PWD", path, 1)
        return String(systemText: path)
    }

    private static func isPresentDirectory(_ path: UnsafePointer<CChar>) -> Bool {
        let components = String(systemText: path).split(separator: "/")
        guard path.pointee == CChar(bitPattern: UInt8(ascii: "/")), !components.contains("."),
            !components.contains("..")
        else { return false }
        var (named, present) = (stat(), stat())
        return stat(path, &named) == 0 && stat(".", &present) == 0
            && named.st_dev == present.st_dev && named.st_ino == present.st_ino
    }
}
