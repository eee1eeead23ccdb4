/// A private connection between the engine and a pilot. Both sides have proved who they are.
///
/// What is sent arrives in this order and unchanged, or the connection ends. It may be used from any thread.
public protocol PilotConnection: AnyObject, Sendable {
    /// Begins to hand on what arrives. Is called once.
    ///
    /// - Parameter receive: Takes what happens, one after the other, on some thread. It must not block.
    func begin(_ receive: @escaping @Sendable (PilotConnectionEvent) -> Void)

    /// Sends bytes behind those that were given before. Never blocks. What is given after the end is dropped.
    func send(_ bytes: [UInt8])

    /// How many bytes were given to ``send(_:)`` and have not left this machine's program.
    var unsentCount: Int { get }

    /// Stops or resumes reading. What was read already is still handed on.
    func pause(_ isPaused: Bool)

    /// Ends the connection at once. What was not sent is lost: ``unsentCount`` is 0 from then on. That it has ended is told in
    /// this case, too.
    func close()
}

/// What happens to a connection.
public enum PilotConnectionEvent: Sendable {
    case received([UInt8])
    /// Everything that was given to ``PilotConnection/send(_:)`` has left, after there was much of it.
    case drained
    /// Nothing follows. The reason is for people: "the other side closed the connection".
    case ended(reason: String)
}
