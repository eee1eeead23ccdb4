import Flowmancer
import Foundation

actor ErrorFile: FlowLogger {
    @Parameter var target = "errors.txt"
    private var lines: [String] = []

    func update(_ event: TaskLogEvent) async throws {
        guard event.kind == .line, event.severity >= .error else { return }
        lines.append("\(event.taskName): \(event.message)\n")
    }

    func onDestroy() async throws {
        try lines.joined().write(toFile: target, atomically: true, encoding: .utf8)
    }
}
