/// What a machine has for the attempts that it executes at the same time.
public struct NodeCapacity: Sendable, Hashable {
    /// Processors. An attempt that asks for none takes one.
    public var processors: Int
    /// Bytes of memory; `nil` if that is not limited.
    public var memory: Int?
    /// Graphics processors.
    public var graphicsProcessors: [String]

    /// Creates a capacity.
    public init(processors: Int, memory: Int? = nil, graphicsProcessors: [String] = []) {
        self.processors = processors
        self.memory = memory
        self.graphicsProcessors = graphicsProcessors
    }

    /// How much there is of `cpus`, `memory` or `gpus`; `nil` if there is no limit.
    package func amount(of resource: String) -> Int? {
        switch resource {
        case HostResources.cpusName: processors
        case HostResources.memoryName: memory
        case HostResources.gpusName: graphicsProcessors.count
        default: 0
        }
    }
}

extension NodeCapacity {
    /// The capacity for people: "8 cpus, 64G of memory, 2 gpus".
    package var words: String {
        var parts = [processors == 1 ? "1 cpu" : "\(processors) cpus"]
        if let memory { parts.append("\(ResourceAmountText.text(memory, of: HostResources.memoryName)) of memory") }
        switch graphicsProcessors.count {
        case 0: break
        case 1: parts.append("1 gpu")
        case let count: parts.append("\(count) gpus")
        }
        return parts.joined(separator: ", ")
    }
}
