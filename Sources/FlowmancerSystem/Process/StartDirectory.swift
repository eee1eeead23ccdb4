import CFlowmancerCommand
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
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let memory = buffer.baseAddress else { return nil }
            let name = flowmancer_app_root(memory, buffer.count)
            // A directory that was removed has no path.
            guard name.pointee == CChar(bitPattern: UInt8(ascii: "/")) else { return nil }
            if name == UnsafePointer(memory) { setenv("PWD", name, 1) }
            return String(systemText: name)
        }
    }
}
