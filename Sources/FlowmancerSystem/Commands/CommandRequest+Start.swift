import CFlowmancerCommand
package import FlowmancerCore
import Glibc

extension CommandRequest {
    /// Starts the command below this process.
    ///
    /// - Parameters:
    ///   - output: Its standard output; that of this process if negative.
    ///   - errors: Its standard error; that of this process if negative.
    ///   - additions: Variables that are set unless the command changes them itself.
    package func start(
        output: Int32,
        errors: Int32,
        adding additions: [String: String] = [:]
    ) -> Result<Int32, CommandFailure> {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { name in
            guard let buffer = name.baseAddress else { return .failure(CommandFailure(.refused, reason: ENOMEM)) }
            var surroundings = flowmancer_command_surroundings(
                app_root: flowmancer_app_root(buffer, name.count),
                output: output,
                errors: errors,
                variable: nil,
                is_clean: false
            )
            let frame = frame(attempt: 0, mergesOutput: false, adding: additions)
            var header = frame.withUnsafeBytes { $0.loadUnaligned(as: flowmancer_command.self) }
            let memory = UnsafeMutableRawPointer.allocate(
                byteCount: flowmancer_command_room(&header, &surroundings),
                alignment: MemoryLayout<flowmancer_command>.alignment
            )
            defer { memory.deallocate() }
            UnsafeMutableRawBufferPointer(start: memory, count: frame.count).copyBytes(from: frame)
            var failure = flowmancer_command_failure()
            let command = memory.assumingMemoryBound(to: flowmancer_command.self)
            let pid = flowmancer_command_start(command, &surroundings, &failure)
            return pid > 0 ? .success(pid) : .failure(CommandFailure(failure))
        }
    }

    /// Tells a command that was started, and what it started in its process group, to end.
    package static func end(_ process: Int32) {
        flowmancer_command_end(process)
    }
}

extension CommandFailure {
    /// Takes over what the start of a command reports.
    fileprivate init(_ failure: flowmancer_command_failure) {
        self.init(
            Problem(failure.problem),
            reason: failure.reason,
            subject: failure.subject.map { String(systemText: $0) } ?? "",
            detail: failure.detail.map { String(systemText: $0) } ?? ""
        )
    }
}
