import FlowmancerCore

/// What is recorded of the requests for pilots of a run.
struct RequestRecord: Hashable {
    enum Line: Hashable, LosslessStringConvertible {
        /// Slurm is asked for pilots.
        case asking(PilotToken)
        /// It answered with the number of a job.
        case accepted(PilotToken, job: Int)

        var description: String {
            switch self {
            case .asking(let token): "asking \(token)"
            case .accepted(let token, let job): "accepted \(job) \(token)"
            }
        }

        init?(_ text: String) {
            let parts = text.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "asking":
                guard let token = PilotToken(String(parts[1])) else { return nil }
                self = .asking(token)
            case "accepted":
                let rest = parts[1].split(separator: " ", maxSplits: 1)
                guard rest.count == 2, let job = Int(rest[0]), let token = PilotToken(String(rest[1])) else {
                    return nil
                }
                self = .accepted(token, job: job)
            default:
                return nil
            }
        }
    }

    /// All requests, with the number of the job where it is known.
    private(set) var jobs: [PilotToken: Int?] = [:]

    /// Reads a record. A line that was not written to its end does not count.
    init(_ text: String) {
        let end = text.utf8.lastIndex(of: UInt8(ascii: "\n")) ?? text.startIndex
        for case let line? in text[..<end].split(separator: "\n").map({ Line(String($0)) }) {
            switch line {
            case .asking(let token): jobs.updateValue(jobs[token] ?? nil, forKey: token)
            case .accepted(let token, let job): jobs[token] = job
            }
        }
    }

    /// The pilots among the jobs of a user, with their states.
    ///
    /// A number alone proves nothing: a cluster that was set up anew begins with 1 again.
    func pilots(in listing: QueueListing) -> [String: PilotState] {
        var result: [String: PilotState] = [:]
        for entry in listing.entries {
            guard let token = PilotToken(entry.comment), jobs[token] != nil else { continue }
            let id = entry.id
            result[id.task.map { SlurmJobID.pilot(id.job, $0) } ?? "\(id.job)"] = PilotState(entry)
        }
        return result
    }
}
