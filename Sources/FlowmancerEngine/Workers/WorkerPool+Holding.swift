import FlowmancerCore
import FlowmancerWire

/// Attempts that a worker is given while it executes another one.
extension WorkerPool {
    /// Gives attempts that wait to workers that will soon be done with another one, so that these have something to do
    /// while the engine hears of that.
    func holdWaiting() {
        while waiting.count > 0, let worker = candidates.popLast() {
            worker.isCandidate = false
            guard case .busy = worker.phase, worker.canHold, .now - worker.began < WorkerHandle.quick else {
                continue
            }
            guard let assignment = waiting.popFirstToHold() else {
                worker.isCandidate = true
                return candidates.append(worker)
            }
            var held = assignment
            held.message.writesToSecond = worker.nextWritesToSecond
            do {
                try worker.write(.attempt(held.message))
            } catch {
                // That is its own failure, not that of the worker that is busy: it gets a turn of its own.
                return waiting.prepend(assignment)
            }
            needsFlush.append(worker)
            worker.next = held
            holders[held.task] = worker
            delegate.poolDidHold(held)
        }
    }

    func recall(from worker: WorkerHandle) {
        guard let next = worker.next, !next.isRecalled else { return }
        worker.next?.isRecalled = true
        send(.recall(.with { $0.id = next.message.id }), to: worker)
    }

    /// The worker begins the attempt that it held.
    func beginHeld(_ worker: WorkerHandle) {
        guard let assignment = worker.next else { return }
        holders[assignment.task] = nil
        worker.beginNext()
        noteBegin(of: assignment, on: worker)
        worker.handOnEarly()
        sendCancellation(of: assignment, to: worker)
    }

    /// The attempt that a worker held was not begun.
    func takeBack(from worker: WorkerHandle) {
        guard var assignment = worker.next else { return }
        worker.next = nil
        holders[assignment.task] = nil
        delegate.poolDidReturn(assignment)
        guard assignment.cancellation == nil else { return }
        assignment.isRecalled = false
        waiting.prepend(assignment)
    }
}
