import TestSupport

/// Something that happens to the machines of a cluster while a run is under way.
package struct Strike: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A pilot is killed.
        case killPilot
        /// A pilot stands still for less than the lease.
        case stopPilot
        /// The link of a node is cut, and mended after so many seconds.
        case cut(node: String, seconds: Double)
        /// The power of a node goes off, and comes back after so many seconds.
        case turnOff(node: String, seconds: Double)
        /// Somebody has Slurm end the pilots.
        case cancel
    }

    /// It comes when the tasks have written so much into the side file.
    var sideSize: Int
    var kind: Kind

    /// Makes up what happens in one run of the engine.
    static func random(
        on cluster: CampaignCluster,
        sideSize: Int,
        using random: inout SeededGenerator
    ) -> [Strike] {
        (0..<Int.random(in: 0...3, using: &random)).map { _ in
            Strike(sideSize: .random(in: 0...sideSize, using: &random), kind: kind(on: cluster, using: &random))
        }.sorted { $0.sideSize < $1.sideSize }
    }

    private static func kind(on cluster: CampaignCluster, using random: inout SeededGenerator) -> Kind {
        let node = cluster.nodes.randomElement(using: &random) ?? ""
        // Some links come back within the lease.
        let seconds = Double.random(in: 0.1...2 * Double(CampaignCluster.lease), using: &random)
        return switch Int.random(in: 0..<10, using: &random) {
        case 0..<3: .killPilot
        case 3..<5: .stopPilot
        case 5..<8: .cut(node: node, seconds: seconds)
        case 8: .turnOff(node: node, seconds: seconds)
        default: .cancel
        }
    }
}
