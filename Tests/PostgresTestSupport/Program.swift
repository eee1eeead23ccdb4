import FileTestSupport
import Foundation
import Glibc

/// A program that is run to its end.
///
/// Not by `Process`, which also waits for what the program leaves behind: here that is a server.
enum Program {
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - environment: What is added to the variables of this process.
    ///   - output: The file that receives what it prints.
    /// - Returns: Its exit code, or the signal that ended it, negative.
    static func run(_ command: [String], environment: [String: String], output: String) throws -> Int32 {
        let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var values: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + values { free(text) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var pid: pid_t = 0
        let result = posix_spawn(&pid, command[0], &actions, nil, &words, &values)
        guard result == 0 else { throw SetupError(text: "\(command[0]) cannot be started: \(result)") }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }
}
