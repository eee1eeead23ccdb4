import CFlowmancerSystem

/// The memory that the process has, and does not use.
package enum FreeMemory {
    /// Gives it back to the system, which the C library does not do by itself.
    package static func release() { flowmancer_release_memory() }
}
