package import FlowmancerCore
import FoundationEssentials

extension RunRecord {
    /// Whether the process of the run is alive, as far as that can be seen on this machine.
    package var lifeHere: ProcessLife { process?.life(on: hostName, seenFrom: Self.thisHost) ?? .notKnown }

    private static let thisHost = ProcessInfo.processInfo.hostName
}
