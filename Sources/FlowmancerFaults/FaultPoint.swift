/// A place in the engine at which a test can have the process killed. In a release build there is none.
///
/// `FLOWMANCER_FAULT=name:count` kills the process with SIGKILL when it passes the named place for the count-th time.
/// `FLOWMANCER_FAULT_TRACE=file` appends the name of every place that is passed to a file.
package enum FaultPoint {
    /// Whether this build has fault points.
    package static var isCompiledIn: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    /// Passes a place.
    ///
    /// - Parameters:
    ///   - name: The place.
    ///   - dying: What is done before the process is killed here.
    @inline(__always)
    package static func pass(_ name: StaticString, dying: () -> Void = {}) {
        #if DEBUG
            FaultPlan.current?.pass(name.description, dying: dying)
        #endif
    }
}
