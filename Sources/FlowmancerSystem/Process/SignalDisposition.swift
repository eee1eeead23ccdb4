import CFlowmancerSystem

/// What the process does about a signal.
package enum SignalDisposition {
    /// Whether a signal is ignored, as whoever started the process may have wished.
    package static func isIgnored(_ signal: Int32) -> Bool { flowmancer_ignores_signal(signal) }
}
