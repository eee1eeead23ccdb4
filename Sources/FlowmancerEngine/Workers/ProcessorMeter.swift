import CFlowmancerKeeper

/// Measures how many processors the workers keep busy.
struct ProcessorMeter {
    private var used: [UInt32: Double] = [:]
    private var last = ContinuousClock.now

    /// Returns the average number of processors that these workers were busy on since the last call. The first time
    /// that a worker is seen only starts its measurement, so that the effort of starting does not count.
    mutating func measure(_ workers: some Sequence<WorkerHandle>) -> Double {
        let now = ContinuousClock.now
        let elapsed = (now - last) / .seconds(1)
        last = now
        var current: [UInt32: Double] = [:]
        var sum = 0.0
        for worker in workers {
            guard case .busy = worker.phase, let pid = worker.pid else { continue }
            let seconds = flowmancer_processor_seconds(pid)
            current[worker.number] = seconds
            if let before = used[worker.number] { sum += seconds - before }
        }
        used = current
        return elapsed > 0 ? sum / elapsed : 0
    }
}
