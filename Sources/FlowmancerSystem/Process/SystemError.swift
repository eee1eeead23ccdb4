package import SystemPackage

/// A system call that failed, for messages that name the call.
package struct SystemError: Error, CustomStringConvertible {
    package let call: String
    package let reason: Errno

    package init(_ call: String, _ reason: Errno = .current) {
        self.call = call
        self.reason = reason
    }

    /// `fork: Cannot allocate memory`
    package var description: String { "\(call): \(reason)" }
}
