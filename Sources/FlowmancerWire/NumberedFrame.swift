package import SwiftProtobuf

/// A frame of messages between the engine and a pilot, in one of the two directions.
package protocol NumberedFrame: Message {
    associatedtype Content

    /// From 1; 0 for a frame that is not kept: a greeting, or one without messages.
    var number: UInt64 { get set }
    /// The number of the last frame that has arrived from the other side.
    var received: UInt64 { get set }
    var messages: [Content] { get set }
}

extension WireToPilotFrame: NumberedFrame {}
extension WireFromPilotFrame: NumberedFrame {}
