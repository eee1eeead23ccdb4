/// A reference that does not keep its object, for what outlives that: calls from other threads, for one.
struct WeakReference<Object: AnyObject> {
    private(set) weak var object: Object?

    init(_ object: Object) { self.object = object }
}
