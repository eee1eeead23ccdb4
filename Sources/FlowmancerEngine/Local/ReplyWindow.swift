import DequeModule
import FlowmancerCore

/// Holds a worker's requests and the answers to them, and bounds both: a worker that asks faster than it listens waits,
/// instead of filling the engine's memory. A pure value.
struct ReplyWindow {
    /// An answer on its way to the worker.
    struct Reply {
        let requestID: UInt64
        let content: SharedAnswer

        /// The memory that it takes, in bytes, roughly.
        fileprivate var size: Int {
            switch content {
            case .result(.value(let value, _)): value.count
            case .result(.keys(let keys)): keys.reduce(0) { $0 + $1.utf8.count }
            case .result(.done), .result(.missing), .refused: 0
            }
        }
    }

    /// How many requests may be under way at once.
    static let maximumRequests = 256
    /// How many bytes of answers may wait before further requests do, and further answers are not put into messages.
    static let maximumBytes = 1 << 20

    private var unanswered = 0
    private var replies = Deque<Reply>()
    private var waitingBytes = 0
    private(set) var unwrittenBytes = 0

    /// Whether a further request may be taken up.
    var isOpen: Bool {
        unanswered + replies.count < Self.maximumRequests && waitingBytes + unwrittenBytes < Self.maximumBytes
    }

    /// Takes a request up.
    mutating func begin() {
        unanswered += 1
    }

    /// Takes in the answer to a request.
    mutating func answer(_ reply: Reply) {
        unanswered -= 1
        waitingBytes += reply.size
        replies.append(reply)
    }

    /// Returns the next answer to write, unless enough is being written.
    mutating func next() -> Reply? {
        guard unwrittenBytes < Self.maximumBytes, let reply = replies.popFirst() else { return nil }
        waitingBytes -= reply.size
        return reply
    }

    /// Takes note of bytes that are being written.
    mutating func noteWriting(_ bytes: Int) {
        unwrittenBytes += bytes
    }

    /// Takes note of bytes that the system took.
    mutating func noteWritten(_ bytes: Int) {
        unwrittenBytes -= bytes
    }
}
