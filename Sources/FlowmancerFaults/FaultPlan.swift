#if DEBUG
    import Glibc
    import Synchronization

    /// What the environment asks of the fault points.
    final class FaultPlan: Sendable {
        /// `nil` in a process of which nothing is asked.
        static let current = FaultPlan()

        private let target: (name: Substring, count: Int)?
        private let trace: Int32?
        private let counts = Mutex<[String: Int]>([:])

        private init?() {
            let fault = getenv("FLOWMANCER_FAULT").map { String(cString: $0).split(separator: ":") }
            if let fault, fault.count == 2, let count = Int(fault[1]) {
                target = (fault[0], count)
            } else {
                target = nil
            }
            trace = getenv("FLOWMANCER_FAULT_TRACE").map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
            if target == nil, trace == nil { return nil }
        }

        func pass(_ name: String, dying: () -> Void) {
            if let trace { _ = Array("\(name)\n".utf8).withUnsafeBytes { write(trace, $0.baseAddress, $0.count) } }
            guard let target, target.name == name else { return }
            let count = counts.withLock { counts in
                counts[name, default: 0] += 1
                return counts[name]
            }
            guard count == target.count else { return }
            dying()
            kill(getpid(), SIGKILL)
            while true { pause() }
        }
    }
#endif
