import CFlowmancerSystem
import FlowmancerCore
import Glibc
package import SystemPackage

// What has no name in the file system.
extension OwnedDescriptor {
    /// Makes a pipe.
    package static func pipe() throws(Errno) -> (reading: OwnedDescriptor, writing: OwnedDescriptor) {
        var descriptors: [Int32] = [-1, -1]
        guard flowmancer_pipe(&descriptors) == 0 else { throw .current }
        return (OwnedDescriptor(rawValue: descriptors[0]), OwnedDescriptor(rawValue: descriptors[1]))
    }

    /// Makes an empty file in memory.
    ///
    /// - Parameter name: What tools show for it.
    package convenience init(inMemory name: String) throws(Errno) {
        let result = flowmancer_memory_file(name)
        guard result >= 0 else { throw .current }
        self.init(rawValue: result)
    }

    /// Opens a descriptor of a process, which can be read once the process has ended.
    package convenience init(process: Int32) throws(Errno) {
        let result = flowmancer_process_descriptor(process)
        guard result >= 0 else { throw .current }
        self.init(rawValue: result)
    }
}
