/// Something that is used on an event loop only, as other threads may have it.
struct LoopBound<Value>: @unchecked Sendable {
    // Touched by the loop's thread only.
    private let value: Value
    private let thread: EventLoopThread

    init(_ value: Value, on thread: EventLoopThread) {
        self.value = value
        self.thread = thread
    }

    /// Does something with it on the loop, later.
    func perform(_ body: @escaping @Sendable (Value) -> Void) {
        thread.execute { _ in body(value) }
    }
}
