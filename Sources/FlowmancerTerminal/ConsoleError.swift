package import SystemPackage

/// A message that the standard output, or the standard error in its place, did not take.
package struct ConsoleError: Error, Hashable, CustomStringConvertible {
    /// The stream.
    package enum Stream: String, Sendable {
        case output = "standard output"
        case errorOutput = "standard error"
    }

    package var stream: Stream
    package var reason: Errno

    package init(_ stream: Stream, _ reason: Errno) {
        self.stream = stream
        self.reason = reason
    }

    package var description: String {
        "cannot write to \(stream.rawValue): \(reason); \(advice)"
    }

    private var advice: String {
        switch reason {
        case .noSpace, .diskQuotaExceeded: "free some space, or redirect it to another place"
        default: "check where it is redirected to"
        }
    }
}
