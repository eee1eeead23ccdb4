/// What the machine has that runs a job.
package struct HostResources: Sendable, Hashable {
    package static let cpusName = "cpus"
    package static let memoryName = "memory"
    package static let gpusName = "gpus"
    /// The resources that a job has without saying so.
    package static let names = [cpusName, memoryName, gpusName]

    /// How many processors the run may use.
    package var cpus: Int
    /// How much memory it may use, in bytes.
    package var memory: Int
    /// The names of the graphics processors.
    package var gpus: [String]

    package init(cpus: Int, memory: Int, gpus: [String] = []) {
        self.cpus = cpus
        self.memory = memory
        self.gpus = gpus
    }

    /// What a machine would need that can run all attempts of a job.
    package init(enoughFor job: JobDefinition) {
        /// - Parameter unknown: What is enough for an amount that is known in the run only.
        func most(_ name: String, unknown: Int) -> Int {
            job.tasks.values.lazy.compactMap { task in
                task.resources[name].flatMap { $0.open == nil ? $0.amounts.max() : unknown }
            }.max() ?? 1
        }
        self.init(
            cpus: most(Self.cpusName, unknown: .max),
            memory: most(Self.memoryName, unknown: .max),
            gpus: (0..<max(0, most(Self.gpusName, unknown: 64))).map { "\($0)" }
        )
    }

    /// What there is of a resource; `nil` if it is none of a machine.
    func supply(of name: String) -> ResourceSupply? {
        switch name {
        case Self.cpusName: .amount(cpus)
        case Self.memoryName: .amount(memory)
        case Self.gpusName: .units(gpus)
        default: nil
        }
    }
}
