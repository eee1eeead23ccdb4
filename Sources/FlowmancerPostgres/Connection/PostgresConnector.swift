#if Postgres
    import Dispatch
    import Synchronization

    /// Connects on a thread of its own, so that whoever asks for a connection need not wait until there is one: it is
    /// there when it is asked for again.
    final class PostgresConnector: Sendable {
        /// One attempt to connect, and what came of it.
        private final class Attempt: Sendable {
            private let result = Mutex<Result<PostgresStore, any Error>?>(nil)
            private let end = DispatchGroup()

            init(on queue: DispatchQueue, _ body: @escaping @Sendable () throws -> PostgresStore) {
                queue.async(group: end) { [result = self] in
                    let outcome = Result { try body() }
                    result.result.withLock { $0 = outcome }
                }
            }

            var hasFailed: Bool {
                if case .failure = result.withLock({ $0 }) { true } else { false }
            }

            func wait(atMost limit: Duration) -> Result<PostgresStore, any Error>? {
                _ = end.wait(timeout: .now() + .milliseconds(Int(limit / .milliseconds(1))))
                return result.withLock { $0 }
            }
        }

        private let queue = DispatchQueue(label: "flowmancer.postgres")
        private let attempt = Mutex<Attempt?>(nil)

        /// Returns what an attempt that is under way comes to, or begins one.
        ///
        /// - Returns: `nil` if that takes too long.
        func connect(
            within limit: Duration,
            _ body: @escaping @Sendable () throws -> PostgresStore
        ) throws -> PostgresStore? {
            let current = attempt.withLock { attempt in
                // What has failed before says nothing about now.
                let current = attempt.flatMap { $0.hasFailed ? nil : $0 } ?? Attempt(on: queue, body)
                attempt = current
                return current
            }
            guard let result = current.wait(atMost: limit) else { return nil }
            attempt.withLock { $0 = nil }
            return try result.get()
        }
    }
#endif
