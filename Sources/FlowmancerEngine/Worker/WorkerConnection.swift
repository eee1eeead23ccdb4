import FlowmancerCore
import FlowmancerWire
import Glibc
import SwiftProtobuf
import Synchronization

/// The worker's end of the socket to the engine.
final class WorkerConnection: Sendable {
    private let socket: Int32
    private let writing = Mutex(())

    init(socket: Int32) {
        self.socket = socket
    }

    /// Sends a message whole, from any thread. An engine that is gone is no error: the worker is about to end.
    ///
    /// - Throws: ``FrameError`` if the message is too large.
    func send(_ body: WireFromWorker.OneOf_Body) throws {
        let frame = try Frame.encode(WireFromWorker.with { $0.body = body })
        writing.withLock { _ in
            var sent = 0
            while sent < frame.count {
                let count = frame.withUnsafeBytes { bytes in
                    Glibc.send(socket, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                }
                if count > 0 {
                    sent += count
                } else if errno != EINTR {
                    return
                }
            }
        }
    }

    /// Reads messages until the engine closes the connection or sends what cannot be read.
    func receive(_ handle: (WireToWorker) -> Void) {
        var decoder = FrameDecoder<WireToWorker>()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(socket, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            decoder.append(buffer[..<count])
            do {
                while let message = try decoder.next() { handle(message) }
            } catch {
                return
            }
        }
    }
}
