import FlowmancerCore
import FlowmancerSystem
import Synchronization

/// Calls the methods of one plug-in, one after the other, on a thread that is the plug-in's own.
///
/// A plug-in that blocks its thread, or never returns, keeps only the calls behind it waiting. Whoever waits for a call
/// sets a limit.
final class PluginCalls: Sendable {
    private let executor: DispatchExecutor
    private let context: Mutex<FlowContext>
    private let last = Mutex<Task<Void, Never>?>(nil)
    private let stuck = Atomic(false)

    init(_ name: String, context: FlowContext) {
        executor = DispatchExecutor(label: "flowmancer.\(name)")
        self.context = Mutex(context)
    }

    /// Whether a call was given up by who waited for it.
    var isStuck: Bool { stuck.load(ordering: .relaxed) }

    /// Lets the calls that follow know that the run continues an earlier one.
    func noteRestart() {
        context.withLock { $0.runInfo?.isRestart = true }
    }

    /// Calls the plug-in once all calls before have returned.
    @discardableResult
    func enqueue(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        let context = context.withLock { $0 }
        return last.withLock { last in
            let previous = last
            // Whoever enqueues a call that matters waits for it with a limit, and cancels it after that.
            let call = Task.detached(executorPreference: executor) {
                await previous?.value
                await FlowContext.$taskLocal.withValue(context) { await body() }
            }
            last = call
            return call
        }
    }

    /// Calls the plug-in once all calls before have returned, and waits for that within a limit.
    ///
    /// - Parameter interruption: Ends the waiting early.
    /// - Returns: What the call returned or threw; `nil` if it did not do so in time. It was cancelled then.
    func perform<Value: Sendable>(
        within limit: Duration,
        interruption: Latch? = nil,
        _ body: @escaping @Sendable () async throws -> Value
    ) async -> Result<Value, any Error>? {
        let result = Box<Result<Value, any Error>>()
        let settled = Latch()
        let call = enqueue {
            do {
                result.set(.success(try await body()))
            } catch {
                result.set(.failure(error))
            }
            settled.open()
        }
        interruption?.then { settled.open() }
        await settled.wait(atMost: limit)
        guard let result = result.value else {
            call.cancel()
            stuck.store(true, ordering: .relaxed)
            return nil
        }
        return result
    }

    /// Hands a value from the plug-in's thread to the one that waits.
    private final class Box<Value: Sendable>: Sendable {
        private let content = Mutex<Value?>(nil)

        var value: Value? { content.withLock { $0 } }

        func set(_ value: Value) {
            content.withLock { $0 = value }
        }
    }
}
