import FlowmancerCore
import FoundationEssentials

/// Events that happened one after the other, in the form in which followers get them. A pure value.
struct ChangeFrame: Sendable, Hashable {
    /// The number of the event before the first one.
    let before: Int
    /// The number of the last event.
    let last: Int
    /// The messages, as of the event streams of HTML.
    let bytes: [UInt8]

    /// The most events of a frame: a follower sees the first of many early.
    static let mostEvents = 5_000

    /// Collects events.
    struct Builder {
        private let origin: Date
        private let before: Int
        private(set) var last: Int
        private var nodes: [Int] = []
        private var attempts: [Int] = []
        private var from = ""
        private var to = ""
        private var times: [Int] = []
        private var reasons: [(String, String)] = []
        private var allowed: [Int] = []
        private var published: [Int] = []
        private var isGrown = false

        /// - Parameters:
        ///   - origin: When the run began.
        ///   - number: The number of the event before.
        init(since origin: Date, after number: Int) {
            self.origin = origin
            before = number
            last = number
        }

        var count: Int { last - before }

        /// - Parameter digest: The run after the event.
        mutating func add(_ event: RecordedEvent, _ digest: RunDigest) {
            last = event.number
            if let change = event.change, let node = digest.nodes.find(change.task) {
                if let reason = change.reason ?? change.failure?.reason {
                    reasons.append((String(nodes.count), reason))
                }
                if change.isAllowedFailure { allowed.append(nodes.count) }
                nodes.append(node)
                attempts.append(change.attempt)
                from.append(change.from.letter)
                to.append(change.to.letter)
                times.append(RunView.microseconds(from: origin, to: event.time))
            } else if let publication = event.publication, let node = digest.nodes.find(publication.task) {
                published.append(node)
            } else if event.expansion != nil {
                isGrown = true
            }
        }

        /// - Returns: `nil` if there was no event.
        func finish() -> ChangeFrame? {
            guard count > 0 else { return nil }
            var bytes: [UInt8] = []
            // What is new has to be known before it changes.
            if isGrown { bytes += "event: grown\ndata: {}\n\n".utf8 }
            var members = JSONMembers()
            members.add("node", nodes)
            members.add("attempt", attempts)
            members.add("from", from)
            members.add("to", to)
            members.add("at", times)
            members.object("reasons", reasons)
            members.add("allowed", allowed)
            members.add("published", published)
            bytes += "id: \(last)\nevent: changes\ndata: ".utf8
            bytes += members.finished()
            bytes += "\n\n".utf8
            return ChangeFrame(before: before, last: last, bytes: bytes)
        }
    }

    /// The last message of a run.
    static func ended(_ run: JSONText) -> [UInt8] { Array("event: ended\ndata: {\"run\":\(run.rawValue)}\n\n".utf8) }

    /// Keeps a connection open on which nothing happens.
    static let keepAlive = Array(": nothing new\n\n".utf8)
    /// How long browsers wait before they connect again, and that they are connected.
    static let welcome = Array("retry: 1000\n: welcome\n\n".utf8)
}
