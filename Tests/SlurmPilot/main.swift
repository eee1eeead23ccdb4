// A pilot on a node of a Slurm cluster: it connects with its engine, says who it is, and stays as long as the engine does.
import FlowmancerCore
import FlowmancerSlurm
import FlowmancerSystem
import Synchronization

let seat = try Slurm.join(ProcessContext.arguments.last ?? "")
let connection = try await seat.connect()
await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
    let waiting = Mutex(Optional(continuation))
    connection.begin { event in
        guard case .ended = event else { return }
        waiting.withLock { $0.take() }?.resume()
    }
    let words = "\(seat.id) \(seat.node) \(seat.capacity.processors)\n"
    connection.send(Array(words.utf8))
}
