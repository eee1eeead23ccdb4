import FlowmancerCore
import FlowmancerSystem
import Foundation
import Glibc
import OrderedCollections
import Synchronization

@testable import FlowmancerSlurm

/// Waits for a process that was started here.
func exitCode(of pid: pid_t) -> UInt8 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return ProcessEnd(waitStatus: status).exitCode
}

extension PilotSite {
    /// A site whose pilots run a program.
    static func sample(
        in directory: String,
        program: String = "/opt/program",
        arguments: [String] = ["pilot"],
        job: String = "nightly"
    ) -> PilotSite {
        PilotSite(
            run: RunID(),
            job: job,
            executor: "cluster",
            program: program,
            arguments: arguments,
            root: directory,
            directory: directory,
            lease: .seconds(30)
        )
    }
}

extension Slurm {
    /// Creates an executor as a job file would.
    init(_ parameters: [String: ParameterValue], issues: inout [JobIssue]) {
        let members = OrderedDictionary(uniqueKeysWithValues: parameters.sorted { $0.key < $1.key })
        self = ParameterBinder.make(Slurm.self, from: members, at: ParameterPath(), issues: &issues)
    }
}

/// Programs of Slurm's that answer as a test wants it.
final class ScriptedCommands: SlurmCommands {
    struct Call: Hashable {
        var words: [String]
        var input: String?
        var program: String { words[0] }
    }

    private let recorded = Mutex<[Call]>([])
    private let answer: @Sendable (Call) throws(SlurmError) -> SlurmResult

    init(_ answer: @escaping @Sendable (Call) throws(SlurmError) -> SlurmResult) { self.answer = answer }

    var calls: [Call] { recorded.withLock { $0 } }

    func result(of words: [String], input: String?) async throws(SlurmError) -> SlurmResult {
        let call = Call(words: words, input: input)
        recorded.withLock { $0.append(call) }
        return try answer(call)
    }
}

extension SlurmResult {
    static func success(_ output: String = "") -> SlurmResult {
        SlurmResult(end: .ended(.exited(code: 0)), output: output)
    }

    static func failure(_ errors: String) -> SlurmResult {
        SlurmResult(end: .ended(.exited(code: 1)), errors: errors)
    }
}
