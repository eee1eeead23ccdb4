internal import NIOCore
internal import NIOPosix

/// A thread with an event loop that serves connections. It ends when nobody refers to it any more.
final class ConnectionThread: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// The thread of all connections of a pilot, which has one at a time.
    static let pilot = ConnectionThread()

    var eventLoop: any EventLoop { group.next() }

    deinit {
        // This may be the thread itself, so it cannot be waited for.
        group.shutdownGracefully { _ in }
    }
}
