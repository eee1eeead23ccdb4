import FoundationEssentials
import Glibc

/// A thread of the system.
package struct SystemThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let body: Body

    package init(body: @escaping @Sendable () -> Void) {
        self.body = Body(body)
    }

    /// Starts it.
    ///
    /// - Returns: Whether there could be another thread.
    package func start() -> Bool {
        guard let thread = create() else { return false }
        pthread_detach(thread)
        return true
    }

    /// Starts it, if there can be another thread, and waits for its end.
    package func startAndJoin() {
        if let thread = create() { pthread_join(thread, nil) }
    }

    private func create() -> pthread_t? {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(body)
        let result = pthread_create(
            &thread,
            nil,
            { context in
                Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        guard result == 0 else {
            context.release()
            return nil
        }
        return thread
    }

    /// Whether there can be so few more threads that they might run out. Workers know it from the zygote.
    package static let areScarce = !isMemoryUnlimited || (headroom ?? .max) < 1_000

    /// A thread takes address space.
    private static var isMemoryUnlimited: Bool {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 && limit.rlim_cur == .max
    }

    /// How many more there may be at least; `nil` if there is no limit.
    private static var headroom: Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &limit) == 0 else { return 0 }
        // The limit is the user's; the system's count is the closest that is to be had at once.
        let ofUser = limit.rlim_cur == .max ? nil : Int(clamping: limit.rlim_cur) - (threadCount ?? .max)
        return [ofUser, ControlGroup.processHeadroom].compactMap(\.self).min()
    }

    /// How many threads the whole system has, as of proc_loadavg(5).
    private static var threadCount: Int? {
        let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)
        return text?.split(separator: "/").last?.split(separator: " ").first.flatMap { Int($0) }
    }
}
