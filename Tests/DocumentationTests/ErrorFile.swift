import Flowmancer
import Foundation

actor ErrorFile: FlowLogger {
    @Parameter var target = "errors.txt"
    private var lines: [String] = []

    func update(_ event: TaskLogEvent) async throws {
        guard case .write(let severity, let message) = event.kind, severity >= .error else { return }
        lines.append("\(event.taskName): \(message)\n")
    }

    func onDestroy() async throws {
        try lines.joined().write(toFile: target, atomically: true, encoding: .utf8)
    }
}
