import Foundation
import Testing

/// A real terminal with a shell in it, which knows jobs and whose size can change: that of tmux(1).
final class Tmux {
    private let socket = "flowmancer-\(UUID().uuidString)"
    private let directory: URL

    /// - Returns: `nil` if tmux is missing.
    init?(in directory: URL, columns: Int = 100, rows: Int = 30) throws {
        self.directory = directory
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/tmux"),
            FileManager.default.isExecutableFile(atPath: "/bin/bash")
        else {
            print("skipped: tmux or bash is missing, which give a program a terminal with jobs")
            return nil
        }
        let size = ["-x", "\(columns)", "-y", "\(rows)"]
        let shell = ["env", "PS1=$ ", "LC_ALL=C.UTF-8", "bash", "--norc", "--noprofile"]
        try command(["new-session", "-d"] + size + shell)
        waitUntil { self.screen.contains("$") }
    }

    deinit {
        // By then, the directory of the test may be gone.
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tmux")
        process.arguments = ["-L", socket, "kill-server"]
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        if (try? process.run()) != nil { process.waitUntilExit() }
    }

    /// Types a line into the shell.
    func type(_ line: String) throws {
        try command("send-keys", "-l", line)
        try press("Enter")
    }

    func press(_ key: String) throws { try command("send-keys", key) }

    func resize(columns: Int, rows: Int = 30) throws {
        try command("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// What it shows.
    var screen: String { (try? command("capture-pane", "-p")) ?? "" }

    /// All that was printed, each line whole, however it was broken.
    var history: [String] {
        let text = (try? command("capture-pane", "-p", "-J", "-S", "-")) ?? ""
        return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @discardableResult
    private func command(_ arguments: String...) throws -> String { try command(arguments) }

    @discardableResult
    private func command(_ arguments: [String]) throws -> String {
        let tmux = ["/usr/bin/tmux", "-L", socket, "-f", "/dev/null", "-u"]
        // The server, which the first command starts, must not hold open what tells that the command has ended.
        let script = """
            for file in /proc/$$/fd/*; do number=${file##*/}; [ "$number" -gt 2 ] && eval "exec $number>&-"; done
            exec "$@"
            """
        let words = ["-c", script, "bash"] + tmux + arguments
        return try Running("/bin/bash", words, in: directory, environment: [:]).wait().output
    }
}
