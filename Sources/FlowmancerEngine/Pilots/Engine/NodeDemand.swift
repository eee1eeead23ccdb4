import FlowmancerCore
import OrderedCollections

/// What an attempt needs of the machine on which it runs.
struct NodeDemand: Hashable {
    /// At least 1.
    var processors = 1
    /// In bytes.
    var memory = 0
    var graphicsProcessors = 0

    init(processors: Int = 1, memory: Int = 0, graphicsProcessors: Int = 0) {
        self.processors = processors
        self.memory = memory
        self.graphicsProcessors = graphicsProcessors
    }

    /// - Parameters:
    ///   - requests: What the attempts of a task ask for.
    ///   - supplies: What the job has; that is not of the machine.
    ///   - attempt: The number of the attempt, from 1.
    init(
        _ requests: OrderedDictionary<String, ResourceRequest>,
        besides supplies: OrderedDictionary<String, ResourceSupply>,
        attempt: Int
    ) {
        func amount(_ name: String) -> Int {
            supplies[name] == nil ? requests[name]?.amount(of: attempt) ?? 0 : 0
        }
        processors = max(1, amount(HostResources.cpusName))
        memory = amount(HostResources.memoryName)
        graphicsProcessors = amount(HostResources.gpusName)
    }
}

/// What is free of a machine.
struct NodeRoom: Hashable {
    private(set) var processors: Int
    /// `nil` if memory is not counted.
    private var memory: Int?
    private var graphicsProcessors: Int

    /// Everything is free.
    init(_ capacity: NodeCapacity) {
        processors = max(1, capacity.processors)
        memory = capacity.memory
        graphicsProcessors = capacity.graphicsProcessors.count
    }

    func fits(_ demand: NodeDemand) -> Bool {
        demand.processors <= processors && demand.memory <= memory ?? .max
            && demand.graphicsProcessors <= graphicsProcessors
    }

    mutating func take(_ demand: NodeDemand) { change(demand, by: -1) }

    mutating func giveBack(_ demand: NodeDemand) { change(demand, by: 1) }

    private mutating func change(_ demand: NodeDemand, by sign: Int) {
        processors += sign * demand.processors
        memory = memory.map { $0 + sign * demand.memory }
        graphicsProcessors += sign * demand.graphicsProcessors
    }
}
