import FlowmancerCore
package import SystemPackage

/// An operation on a file that the system refused.
package struct FileError: Error, Sendable, CustomStringConvertible {
    /// What was tried: "write the log file".
    package var action: String
    package var path: String
    /// Why it did not succeed.
    package var reason: Errno
    /// The parameter of the plug-in, or the option, that names another place.
    package var setting: String

    package init(_ action: String, _ path: String, _ reason: Errno, setting: String) {
        self.action = action
        self.path = path
        self.reason = reason
        self.setting = setting
    }

    package var description: String {
        "cannot \(action) '\(path.printable)': \(reason); \(advice)"
    }

    private var advice: String {
        switch reason {
        case .noSpace, .diskQuotaExceeded:
            "free some space, or choose a directory on another disk with '\(setting)'"
        case .permissionDenied, .notPermitted, .readOnlyFileSystem:
            "make it writable for this user, or choose another directory with '\(setting)'"
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem:
            "allow more open files ('ulimit -n')"
        case .noSuchAddressOrDevice, .brokenPipe, .timedOut:
            "start the program that reads the file, or choose another file with '\(setting)'"
        case .noSuchFileOrDirectory, .notDirectory, .isDirectory, .fileExists, .tooManySymbolicLinkLevels,
            .fileNameTooLong, .invalidArgument:
            "check the path, or choose another directory with '\(setting)'"
        default:
            "check the disk, or choose another directory with '\(setting)'"
        }
    }
}
