import CFlowmancerSystem
import FlowmancerCore
import Glibc
package import SystemPackage

/// Starts the program that this process runs once more.
package enum OwnProgram {
    /// Starts it in a session of its own, so that it goes on when this process ends and hears no signal of its terminal.
    ///
    /// - Parameters:
    ///   - arguments: What follows on the name of the program.
    ///   - directory: The working directory; by default, that of this process.
    ///   - output: Becomes its standard output and its standard error. It reads nothing.
    /// - Returns: The number of the process. It has to be waited for.
    package static func start(
        _ arguments: [String],
        in directory: String? = nil,
        output: OwnedDescriptor
    ) throws(Errno) -> Int32 {
        let name = ProcessContext.arguments.first ?? "flowmancer"
        var texts = ([name] + arguments).map { text in text.withSystemText { strdup($0) } }
        defer { for text in texts { free(text) } }
        texts.append(nil)
        var process: pid_t = 0
        func start(_ directory: UnsafePointer<CChar>?) -> Int32 {
            flowmancer_start_own_program(&texts, directory, output.rawValue, &process)
        }
        let result = directory?.withSystemText { start($0) } ?? start(nil)
        guard result == 0 else { throw Errno(rawValue: result) }
        return process
    }

    /// Waits for the end of a process that was started, on a thread of its own.
    package static func end(of process: Int32) async -> ProcessEnd? {
        await withCheckedContinuation { continuation in
            let isWaiting = SystemThread {
                var status: Int32 = 0
                while waitpid(process, &status, 0) < 0 {
                    guard Errno.current == .interrupted else {
                        continuation.resume(returning: nil)
                        return
                    }
                }
                continuation.resume(returning: ProcessEnd(waitStatus: status))
            }.start()
            if !isWaiting { continuation.resume(returning: nil) }
        }
    }
}
