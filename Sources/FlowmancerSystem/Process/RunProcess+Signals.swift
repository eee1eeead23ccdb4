import CFlowmancerSystem
package import FlowmancerCore
import Glibc
package import SystemPackage

/// What became of a signal to the engine's process of a run.
package enum SignalDelivery: Sendable, Hashable {
    case sent
    /// The process has ended.
    case gone
    /// The process ran on another machine.
    case elsewhere
    /// The system does not allow it, or cannot do it.
    case refused(Errno)
}

extension RunProcess {
    /// Sends a signal to the process, and never to another one that has its number.
    ///
    /// - Parameters:
    ///   - host: The machine that it ran on.
    ///   - here: This machine.
    package func send(_ signal: Int32, on host: String, seenFrom here: String) -> SignalDelivery {
        switch start(on: host, seenFrom: here) {
        case .thisOne: break
        case .anEarlierOne: return .gone
        case .notKnown: return .elsewhere
        }
        guard let number = Int32(exactly: number), number > 0 else { return .gone }
        let descriptor: OwnedDescriptor
        do throws(Errno) {
            descriptor = try OwnedDescriptor(process: number)
        } catch {
            return error == .noSuchProcess ? .gone : .refused(error)
        }
        // Only now: whatever process gets the number later, the descriptor means the one that is looked at here, or one
        // that has ended.
        guard let ticks = Self.startTicks(of: Int(number)) else {
            // Some systems hide the processes of others.
            return descriptor.isReadable ? .gone : .refused(.notPermitted)
        }
        guard ticks == startTicks else { return .gone }
        if flowmancer_signal_process(descriptor.rawValue, signal) == 0 { return .sent }
        let reason = Errno.current
        return reason == .noSuchProcess ? .gone : .refused(reason)
    }
}
