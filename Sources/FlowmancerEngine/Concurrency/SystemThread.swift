import Glibc

/// A thread of the system.
struct SystemThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let body: Body

    init(body: @escaping @Sendable () -> Void) {
        self.body = Body(body)
    }

    /// Starts it.
    ///
    /// - Returns: Whether there could be another thread.
    func start() -> Bool {
        guard let thread = create() else { return false }
        pthread_detach(thread)
        return true
    }

    /// Starts it, if there can be another thread, and waits for its end.
    func startAndJoin() {
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

    /// Whether so few threads are allowed that workers take them from each other. Workers know it from the zygote.
    static let areScarce: Bool = {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &limit) == 0, limit.rlim_cur >= 1_000
        else { return true }
        return ControlGroup.processLimit.map { $0 < 1_000 } ?? false
    }()
}
