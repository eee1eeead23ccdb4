import FlowmancerCore
import FlowmancerSystem

/// What workers say.
extension WorkerPool: WorkerObserver {
    func worker(_ worker: Int, did news: WorkerNews) {
        handle(.worker(worker, news))
    }

    func worker(_ worker: Int, didWrite line: UnsafeRawBufferPointer, on stream: OutputStream) {
        if let assignment = state.workers[worker].assignment {
            delegate.pool(assignment, didWrite: line, on: stream)
        } else if state.workers[worker].phase.isStarting {
            handle(.wrote(worker, Array(line)))
        }
    }

    func worker(_ worker: Int, didLog line: LoggedLine) {
        guard let assignment = state.workers[worker].assignment, line.attempt == assignment.id else { return }
        delegate.pool(assignment, didLog: line)
    }

    func worker(_ worker: Int, didLogLate line: LateLine) {
        delegate.poolDidReceiveLate(line)
        handle(.haunted(worker))
    }

    func worker(_ worker: Int, didRequest operation: SharedDictOperation?, id: UInt64) {
        guard let link = workers[worker].link else { return }
        guard state.isBusy(worker), let assignment = state.workers[worker].assignment else {
            return answer(id, .refused("no task is running"), to: link)
        }
        guard let operation else { return answer(id, .refused("the engine does not know the operation"), to: link) }
        delegate.pool(assignment, didRequest: operation) { [self, link] in answer(id, $0, to: link) }
    }

    private func answer(_ id: UInt64, _ content: SharedAnswer, to link: any WorkerLink) {
        link.answer(.init(requestID: id, content: content))
        needsFlush.append(link)
        delegate.poolHasUnsent()
    }

    func sourceDidLoseWorkers(_ end: ProcessEnd) {
        handle(.lost(end))
    }
}
