import Glibc
package import SystemPackage

extension Errno {
    /// Why the last system call of this thread failed.
    package static var current: Errno { Errno(rawValue: Glibc.errno) }

    /// Whether the same call may succeed later.
    package var isTransient: Bool {
        switch self {
        case .resourceTemporarilyUnavailable, .noMemory, .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noBufferSpace,
            .interrupted, .brokenPipe, .connectionReset, .tooManyReferences:
            true
        default: false
        }
    }
}
