import Foundation

/// The programs that were built along with the tests.
package enum Products {
    package static func path(_ name: String) -> String { directory.appending(path: name).path }

    /// Whether the programs say which fault points they pass, to the file that `FLOWMANCER_FAULT_TRACE` names.
    package static var haveFaultPoints: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    private static let directory: URL = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        for candidate in CommandLine.arguments + [own] where candidate.contains(".xctest") {
            return URL(fileURLWithPath: candidate.components(separatedBy: ".xctest")[0]).deletingLastPathComponent()
        }
        preconditionFailure("the directory of the built programs is unknown")
    }()
}
