import Flowmancer
import Foundation

actor FailedTasks: FlowExtension {
    @Parameter var target = "failed.txt"
    private var names: [String] = []

    func update(_ event: ExecutionEvent) async throws {
        if event.to == .failed { names.append(event.taskName) }
    }

    func onFailure() async throws {
        try names.map { "\($0)\n" }.joined().write(toFile: target, atomically: true, encoding: .utf8)
    }
}
