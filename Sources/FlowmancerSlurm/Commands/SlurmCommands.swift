import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// Runs Slurm's programs.
protocol SlurmCommands: Sendable {
    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - words: Its name and its arguments.
    ///   - input: What it reads.
    func result(of words: [String], input: String?) async throws(SlurmError) -> SlurmResult
}

/// Slurm's programs as they are found in PATH.
struct InstalledSlurmCommands: SlurmCommands {
    /// So long a program may take. By itself, it gives up before that if the controller does not answer.
    var deadline = Duration.seconds(20)
    /// Variables that are set for the programs.
    var environment: [String: String] = [:]

    func result(of words: [String], input: String?) async throws(SlurmError) -> SlurmResult {
        let result: Result<SlurmResult, SlurmError> = await withCheckedContinuation { continuation in
            // A thread of its own can wait without keeping others waiting.
            let isStarted = SystemThread {
                do throws(SlurmError) {
                    continuation.resume(returning: .success(try run(words, input)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }.start()
            if !isStarted {
                continuation.resume(
                    returning: .failure(SlurmError("'\(words[0])' cannot be started: too many threads"))
                )
            }
        }
        return try result.get()
    }

    private func run(_ words: [String], _ input: String?) throws(SlurmError) -> SlurmResult {
        let program = words[0]
        // Files in memory: whatever the program leaves running, nobody waits for it.
        let output = try Self.file("output", of: program)
        let errors = try Self.file("errors", of: program)
        var request = CommandRequest(words: words)
        request.environment = SlurmEnvironment.changes(from: ProcessContext.environment.keys)
        for (name, value) in environment { request.environment[name] = value }
        request.input = input
        switch request.start(output: output.rawValue, errors: errors.rawValue) {
        case .failure(let failure):
            throw SlurmError(program, failure)
        case .success(let pid):
            guard let end = StartedCommand(pid: pid).end(within: deadline) else {
                throw SlurmError("'\(program)' ended, but its exit code is lost")
            }
            return SlurmResult(end: end, output: Self.text(of: output), errors: Self.text(of: errors))
        }
    }

    private static func file(_ purpose: String, of program: String) throws(SlurmError) -> OwnedDescriptor {
        do throws(Errno) {
            return try OwnedDescriptor(inMemory: "\(program) \(purpose)")
        } catch {
            throw SlurmError("'\(program)' cannot be started: \(error)")
        }
    }

    private static func text(of file: OwnedDescriptor) -> String {
        let size = (try? file.status()).map { Int($0.st_size) } ?? 0
        return String(systemBytes: file.read(from: 0, size))
    }
}
