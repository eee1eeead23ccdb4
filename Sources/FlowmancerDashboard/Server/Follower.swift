import FlowmancerCore
import Hummingbird
import NIOCore
import Synchronization

/// Tells one client what happens in a run.
struct Follower: Sendable {
    private let run: LiveRun
    private let id: RunID
    private let histories: Histories
    private let first: Int

    /// How long a connection may be silent: proxies close those that are longer.
    private static let patience = Duration.seconds(15)

    /// - Parameter number: The number of the event behind which to begin.
    init(_ run: LiveRun, _ id: RunID, in histories: Histories, after number: Int) {
        self.run = run
        self.id = id
        self.histories = histories
        first = number
    }

    /// Writes until the run has ended, or the client is gone.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        await run.follow()
        do {
            try await writer.write(ByteBuffer(bytes: ChangeFrame.welcome))
            try await tell(&writer)
        } catch {
            await run.unfollow()
            throw error
        }
        await run.unfollow()
    }

    private func tell(_ writer: inout any ResponseBodyWriter) async throws {
        var last = first
        /// Reads what the run does not have at hand any more.
        var reader: (any RunReader)?
        while true {
            switch try await run.news(after: last, patience: Self.patience) {
            case .frames(let frames):
                reader = nil
                for frame in frames { try await writer.write(ByteBuffer(bytes: frame.bytes)) }
                last = frames.last?.last ?? last
            case .older:
                if reader == nil { reader = try await histories.openRun(id, after: last) }
                guard let found = try await reader?.next(atMost: ChangeFrame.mostEvents),
                    let frame = await run.frame(found.events, after: last)
                else {
                    // The run was removed, or its record is damaged there: what is left is its end.
                    return try await writer.write(ByteBuffer(bytes: ChangeFrame.ended(run.current().run.json.json)))
                }
                try await writer.write(ByteBuffer(bytes: frame.bytes))
                last = frame.last
            case .nothing: try await writer.write(ByteBuffer(bytes: ChangeFrame.keepAlive))
            case .ended(let json): return try await writer.write(ByteBuffer(bytes: ChangeFrame.ended(json)))
            }
        }
    }
}

/// How many clients may follow runs at the same time.
final class FollowerLimit: Sendable {
    private let count: Mutex<Int>

    init(_ limit: Int) { count = Mutex(limit) }

    /// A place, which is free again when nobody has it any more.
    final class Place: Sendable {
        private let limit: FollowerLimit

        fileprivate init(_ limit: FollowerLimit) { self.limit = limit }

        deinit { limit.count.withLock { $0 += 1 } }
    }

    /// - Returns: `nil` if there is none left.
    func take() -> Place? {
        count.withLock { count in
            guard count > 0 else { return nil }
            count -= 1
            return Place(self)
        }
    }
}
