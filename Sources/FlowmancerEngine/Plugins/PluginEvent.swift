import FlowmancerCore

/// What a plug-in may be told during a run.
enum PluginEvent: Sendable {
    case log(FlowmancerCore.TaskLogEvent)
    case state(ExecutionEvent)

    /// The memory that an event takes, in bytes, roughly; 0 for one that must not be dropped.
    var size: Int {
        switch self {
        case .log(let event):
            // Who counts on a start and an end for every attempt gets them.
            guard event.kind == .line else { return 0 }
            let metadata = event.metadata.reduce(0) { $0 + 64 + $1.key.utf8.count + $1.value.utf8.count }
            return 160 + event.message.utf8.count + event.rawBytes.count + metadata
        case .state:
            // The job bounds how many there are, and they are small.
            return 0
        }
    }
}
