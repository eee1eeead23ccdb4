import Flowmancer
import FlowmancerNotifications
import Foundation

struct FileNotification: RunNotification {
    @Parameter var target = "news.txt"
    @Flattened var moments: NotificationMoments
    let record = RunRecord()

    func send(_ message: NotificationMessage) async throws {
        try "\(message.title)\n\n\(message.text)".write(toFile: target, atomically: true, encoding: .utf8)
    }
}
