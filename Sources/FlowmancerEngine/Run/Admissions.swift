import FlowmancerCore

/// Which of the tasks that were handed out may begin.
struct Admissions {
    private let limit: Int
    private var admitted: Set<Int> = []
    private var ahead: [Int] = []

    init(limit: Int) {
        self.limit = limit
    }

    mutating func admission(of task: Int) -> Admission {
        guard admitted.count >= limit else {
            admitted.insert(task)
            return .now
        }
        ahead.append(task)
        return .behindAnother
    }

    mutating func note(_ event: SchedulerEvent) {
        switch event {
        case .started(let task):
            admitted.insert(task)
            if !ahead.isEmpty { ahead.removeAll { $0 == task } }
        case .ended(let task, _): admitted.remove(task)
        default: break
        }
    }

    mutating func withdraw(_ task: Int) {
        admitted.remove(task)
        if !ahead.isEmpty { ahead.removeAll { $0 == task } }
    }

    /// The tasks that may begin now.
    mutating func next() -> [Int] {
        var tasks: [Int] = []
        while !ahead.isEmpty, admitted.count < limit {
            let task = ahead.removeFirst()
            admitted.insert(task)
            tasks.append(task)
        }
        return tasks
    }
}
