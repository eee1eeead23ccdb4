package import Glibc

/// Starts a program.
///
/// Not by `Process`, which also waits for what the program leaves behind.
///
/// - Parameters:
///   - arguments: The program's name first.
///   - output: The file that receives what it prints; that of this process unless given.
/// - Returns: Its number.
package func spawn(
    _ program: String,
    _ arguments: [String],
    environment: [String]? = nil,
    output: String? = nil
) throws -> pid_t {
    var arguments: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = (environment ?? []).map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let output {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
    }
    // Threads of Dispatch block all signals, and a program would go on with that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var pid: pid_t = 0
    let result =
        environment == nil
        ? posix_spawn(&pid, program, &actions, &attributes, &arguments, environ)
        : posix_spawn(&pid, program, &actions, &attributes, &arguments, &variables)
    guard result == 0 else { throw SetupError(text: "\(program) cannot be started: \(result)") }
    return pid
}
