import Flowmancer
import Foundation

actor ErrorCounter: FlowLogger {
    @Parameter var threshold = Severity.error
    @Parameter var target = "error-counts.txt"
    private var counts: [String: Int] = [:]

    func update(_ event: TaskLogEvent) async throws {
        guard event.kind == .line, event.severity >= threshold else { return }
        counts[event.taskName, default: 0] += 1
    }

    func onDestroy() async throws {
        let lines = counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }
        try lines.joined().write(toFile: target, atomically: true, encoding: .utf8)
    }
}
