import Flowmancer
import FlowmancerNotifications
import FlowmancerTelemetry
import Foundation

/// A program with the optional products.
@main struct PluginApp: FlowmancerApp {}

/// The example of the documentation.
struct FileNotification: RunNotification {
    @Parameter var target = "news.txt"
    @Flattened var moments: NotificationMoments
    let record = RunRecord()

    func send(_ message: NotificationMessage) async throws {
        try "\(message.title)\n\n\(message.text)".write(toFile: target, atomically: true, encoding: .utf8)
    }
}
