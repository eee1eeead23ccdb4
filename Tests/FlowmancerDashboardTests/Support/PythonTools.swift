import Foundation
import ProgramTestSupport

/// Programs in Python that `Scripts/test` installs.
enum PythonTools {
    /// The package's directory.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let directory = root.appending(path: ".build/python")

    /// The path of a program in the environment.
    static func path(_ program: String) -> String { directory.appending(path: "bin/\(program)").path }

    static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].first(where: exists)

    /// Why there can be no tests in a browser; `nil` if there can.
    static let obstacle: String? =
        exists(directory.appending(path: "wanted").path)
        ? browser == nil ? "Debian's package chromium is not installed" : nil
        : "\(directory.path) has no Python packages; Scripts/test installs them"

    private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
