import CFlowmancerKeeper
import DequeModule
import FlowmancerCore
import FlowmancerFaults
import FlowmancerSystem
import Glibc
import SystemPackage

/// The engine's end of the control socket to the keeper, the process that starts and ends workers.
///
/// Used on the event loop only.
final class Keeper {
    /// What the keeper says.
    enum Report {
        case started(worker: UInt32, pid: pid_t)
        case refused(worker: UInt32, SystemError)
        case ended(worker: UInt32, ProcessEnd)
        /// The keeper itself is gone, and all workers with it.
        case lost(ProcessEnd)
    }

    private let control: Int32
    private let pid: pid_t
    private var channel: DescriptorChannel!
    private var partial: [UInt8] = []
    private var isClosed = false
    private let handle: (Report) -> Void

    private enum Request {
        case start(UInt32, TaskRuntime, descriptors: [Int32])
        case kill(UInt32)
    }

    /// Requests that are held back until others were answered: the socket never fills up, so nobody ever blocks.
    private var requests = Deque<Request>()
    private var unansweredStarts = 0
    private var unansweredKills: Set<UInt32> = []
    private var living: Set<UInt32> = []

    /// How many requests may be unanswered; a start brings up to five descriptors, which count against the user's limit.
    private static let window = 16

    /// Takes charge of a keeper.
    ///
    /// - Parameter handle: Receives every report, on the event loop.
    init(_ process: KeeperProcess, on loop: EventLoop, handle: @escaping (Report) -> Void) {
        control = process.control
        pid = process.pid
        self.handle = handle

        channel = DescriptorChannel(
            control,
            on: loop,
            received: { [unowned self] in receive($0) },
            progressed: { [unowned self] in if !channel.isOpen { noteLoss() } }
        )
    }

    /// Asks for a worker; a report follows.
    ///
    /// - Parameters:
    ///   - runtime: What it is to execute.
    ///   - descriptors: The worker's ends of ``WorkerDescriptors``, which are taken over.
    func startWorker(_ worker: UInt32, _ runtime: TaskRuntime, descriptors: [Int32]) {
        living.insert(worker)
        requests.append(.start(worker, runtime, descriptors: descriptors))
        sendRequests()
    }

    /// Ends what is prepared for workers other than shims: none will be asked for.
    func endZygote() {
        if !isClosed { flowmancer_keeper_end_zygote(control) }
    }

    /// Asks for the end of a worker and of all that it started; a report follows.
    func killWorker(_ worker: UInt32) {
        guard living.contains(worker) else { return }
        requests.append(.kill(worker))
        sendRequests()
    }

    private func sendRequests() {
        while !isClosed, unansweredStarts + unansweredKills.count < Self.window, let request = requests.popFirst() {
            switch request {
            case .start(let worker, let runtime, let descriptors):
                let code =
                    switch runtime {
                    case .swift:
                        flowmancer_keeper_start_worker(control, worker, descriptors, Int32(descriptors.count))
                    case .command:
                        flowmancer_keeper_start_shim(control, worker, descriptors, Int32(descriptors.count))
                    }
                FaultPoint.pass("worker.requested")
                for descriptor in descriptors { Glibc.close(descriptor) }
                if code == 0 {
                    unansweredStarts += 1
                } else {
                    living.remove(worker)
                    handle(.refused(worker: worker, SystemError("sendmsg", Errno(rawValue: code))))
                }
            case .kill(let worker):
                guard living.contains(worker), unansweredKills.insert(worker).inserted else { continue }
                // It can fail only if the keeper is gone, which is noticed elsewhere.
                if flowmancer_keeper_kill_worker(control, worker) != 0 { unansweredKills.remove(worker) }
            }
        }
    }

    /// Ends all workers and the keeper, and waits until nothing is left.
    func shutDown() {
        guard !isClosed else { return }
        FaultPoint.pass("keeper.close")
        close()
        shutdown(control, Int32(SHUT_RDWR))
        channel.close()
        _ = flowmancer_keeper_await(pid)
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        partial.append(contentsOf: bytes)
        let size = MemoryLayout<flowmancer_keeper_message>.size
        var start = 0
        while partial.count - start >= size {
            let message = partial.withUnsafeBytes {
                $0.loadUnaligned(fromByteOffset: start, as: flowmancer_keeper_message.self)
            }
            start += size
            take(message)
        }
        partial.removeFirst(start)
        sendRequests()
    }

    private func take(_ message: flowmancer_keeper_message) {
        switch message.kind {
        case FLOWMANCER_WORKER_STARTED.rawValue:
            unansweredStarts -= 1
            handle(.started(worker: message.worker, pid: message.value))
        case FLOWMANCER_WORKER_REFUSED.rawValue:
            unansweredStarts -= 1
            living.remove(message.worker)
            handle(.refused(worker: message.worker, SystemError("fork", Errno(rawValue: message.status))))
        case FLOWMANCER_WORKER_ENDED.rawValue:
            unansweredKills.remove(message.worker)
            living.remove(message.worker)
            handle(.ended(worker: message.worker, ProcessEnd(waitStatus: message.status)))
        default:
            break
        }
    }

    private func close() {
        isClosed = true
        for case .start(_, _, let descriptors) in requests {
            for descriptor in descriptors { Glibc.close(descriptor) }
        }
        requests = []
    }

    private func noteLoss() {
        guard !isClosed else { return }
        close()
        handle(.lost(ProcessEnd(waitStatus: flowmancer_keeper_await(pid))))
    }
}
