import CFlowmancerKeeper
import FlowmancerSystem
import FlowmancerWire
import Glibc
import SwiftProtobuf
import Synchronization

/// The worker's end of the socket to the engine.
final class WorkerConnection: Sendable {
    private let socket: Int32
    /// What tells the socket from whatever else may come to have its number.
    private let identity = Mutex<FileIdentity?>(nil)
    /// Whether a task may have closed the socket since an attempt was last found to have left it alone.
    private let isDoubtful = Atomic(true)
    private let writing = Mutex(())
    private let reading = Mutex(Reading())

    private struct Reading {
        var decoder = FrameDecoder<WireToWorker>()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        /// How long the system lets a read wait.
        var patience: Duration?
    }

    /// What came of waiting for a message.
    enum Reception {
        case message(WireToWorker)
        /// Nothing came in time.
        case silence
        /// The engine closed the connection, or sent what cannot be read.
        case end
    }

    init(socket: Int32) {
        self.socket = socket
    }

    /// Begins the use of the socket.
    func open() {
        identity.withLock { $0 = FileIdentity(of: socket) }
    }

    /// Takes note that an attempt begins: the process runs what may close the socket.
    func noteAttempt() {
        isDoubtful.store(true, ordering: .relaxed)
    }

    /// Ends the process if the task closed the socket, which nothing but the exit code can tell the engine then.
    private func checkIdentity() {
        let expected = identity.withLock { $0 }
        if expected == nil || FileIdentity(of: socket) != expected { _exit(Int32(FLOWMANCER_DISCONNECTED_EXIT)) }
    }

    /// Sends a message whole, from any thread. Without a connection the process ends.
    ///
    /// - Throws: ``FrameError`` if the message is too large.
    func send(_ body: WireFromWorker.OneOf_Body) throws {
        let frame = try Frame.encode(WireFromWorker.with { $0.body = body })
        writing.withLock { _ in
            checkIdentity()
            if case .ended = body { isDoubtful.store(false, ordering: .relaxed) }
            var sent = 0
            while sent < frame.count {
                let count = frame.withUnsafeBytes { bytes in
                    Glibc.send(socket, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                }
                if count > 0 {
                    sent += count
                } else if errno != EINTR {
                    _exit(Int32(FLOWMANCER_DISCONNECTED_EXIT))
                }
            }
        }
    }

    /// Shows where in standard output a line is logged, whose message follows.
    ///
    /// - Returns: Whether that was possible.
    func markOutput(_ mark: OutputMark) -> Bool {
        // A task that closed what is not its own has closed standard output, too.
        checkIdentity()
        return flowmancer_mark_output(mark.bytes, mark.bytes.count) != 0
    }

    /// Waits for the next message. One thread at a time may do so.
    ///
    /// - Parameter patience: How long; `nil` for any length of time.
    func receive(within patience: Duration? = nil) -> Reception {
        reading.withLock { reading in
            while true {
                do {
                    if let message = try reading.decoder.next() { return .message(message) }
                } catch {
                    return .end
                }
                // Between two attempts the system is not asked.
                if isDoubtful.load(ordering: .relaxed) { checkIdentity() }
                setPatience(patience, &reading.patience)
                let count = read(socket, &reading.buffer, reading.buffer.count)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN { return .silence }
                guard count > 0 else { return .end }
                reading.buffer.withUnsafeBytes { [count] in
                    reading.decoder.append(UnsafeRawBufferPointer(rebasing: $0[..<count]))
                }
            }
        }
    }

    private func setPatience(_ patience: Duration?, _ current: inout Duration?) {
        guard patience != current else { return }
        current = patience
        let milliseconds = patience.map { Int($0 / .milliseconds(1)) } ?? 0
        var time = timeval(tv_sec: milliseconds / 1_000, tv_usec: milliseconds % 1_000 * 1_000)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }
}
