import Glibc

/// A descriptor at work: hands on what arrives, and takes what is to be sent. Used on the event loop only.
final class DescriptorChannel {
    private let descriptor: Int32
    private let loop: EventLoop
    private let received: (UnsafeRawBufferPointer) -> Void
    private let progressed: () -> Void
    private let hasRoom: () -> Void
    private var isWaitingForRoom = false

    /// Whether something may still arrive.
    private(set) var isOpen = true
    /// Whether what arrives has to wait.
    var isPaused: Bool {
        didSet { updateInterest() }
    }

    /// Creates a channel, which owns the descriptor from now on.
    ///
    /// - Parameters:
    ///   - received: Takes what arrived. It reads from no channel meanwhile: all share the memory of it.
    ///   - progressed: Called after something was handed on, and after the end.
    ///   - hasRoom: Called when there is room to send more, after ``send(_:)`` took less than all.
    init(
        _ descriptor: Int32,
        on loop: EventLoop,
        isPaused: Bool = false,
        received: @escaping (UnsafeRawBufferPointer) -> Void,
        progressed: @escaping () -> Void = {},
        hasRoom: @escaping () -> Void = {}
    ) {
        self.descriptor = descriptor
        self.loop = loop
        self.isPaused = isPaused
        self.received = received
        self.progressed = progressed
        self.hasRoom = hasRoom
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        loop.watch(descriptor, for: interest) { [self] in proceed($0) }
    }

    /// Ends both directions.
    func close() {
        guard isOpen else { return }
        isOpen = false
        loop.close(descriptor)
    }

    // MARK: Reading

    /// Whether something has arrived that was not handed on.
    var hasUnread: Bool { unreadCount > 0 }

    /// Hands on what has arrived up to now, without waiting for the loop to come to it.
    func catchUp() {
        var count = unreadCount
        while count > 0, let length = read() { count -= length }
    }

    private var unreadCount: Int {
        var count: Int32 = 0
        return isOpen && ioctl(descriptor, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }

    /// Reads once.
    ///
    /// - Returns: The number of bytes, or `nil` if there are none now or never again.
    private func read() -> Int? {
        var count: Int
        repeat {
            count = Glibc.read(descriptor, loop.buffer.baseAddress, loop.buffer.count)
        } while count < 0 && errno == EINTR
        if count > 0 {
            received(UnsafeRawBufferPointer(rebasing: loop.buffer[..<count]))
            return count
        }
        // A connection that was reset ends like one that was closed; the keeper says how the worker ended.
        if count == 0 || errno != EAGAIN { close() }
        return nil
    }

    // MARK: Writing

    /// Sends what there is room for.
    ///
    /// - Returns: How many bytes were taken. To nobody everything can be sent: that there is nobody is told by reading.
    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        var sent = 0
        while isOpen, sent < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
            let count = Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                isWaitingForRoom = true
                updateInterest()
                return sent
            } else if errno != EINTR {
                break
            }
        }
        return bytes.count
    }

    // MARK: The loop

    private var interest: EventLoop.Interest {
        var interest: EventLoop.Interest = isPaused ? [] : .reading
        if isWaitingForRoom { interest.insert(.writing) }
        return interest
    }

    private func updateInterest() {
        if isOpen { loop.setInterest(interest, in: descriptor) }
    }

    private func proceed(_ ready: EventLoop.Interest) {
        if ready.contains(.writing), isWaitingForRoom {
            isWaitingForRoom = false
            updateInterest()
            hasRoom()
        }
        guard ready.contains(.reading), isOpen, !isPaused else { return }
        _ = read()
        progressed()
    }
}
