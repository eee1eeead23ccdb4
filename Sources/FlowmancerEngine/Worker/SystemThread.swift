import Glibc

/// Starts a thread of the system that runs until the process ends.
struct SystemThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Never
        init(_ run: @escaping @Sendable () -> Never) { self.run = run }
    }

    private let body: Body

    init(body: @escaping @Sendable () -> Never) {
        self.body = Body(body)
    }

    func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(body).toOpaque()
        let result = pthread_create(
            &thread,
            nil,
            { context in
                Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
            },
            context
        )
        // Without the thread there is no worker; the keeper tells the engine.
        if result != 0 { _exit(1) }
        pthread_detach(thread)
    }
}
