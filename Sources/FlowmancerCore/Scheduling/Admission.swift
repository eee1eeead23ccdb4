/// Whether an attempt that is handed out may begin.
package enum Admission: Sendable, Hashable {
    /// As soon as a worker is free.
    case now
    /// When it is admitted, or by itself in a worker that was given it while it executes another one: it takes over the
    /// place of that.
    case behindAnother
}
