/// Which run people mean: `last`, `last:JOB`, an id, or a part of one that no other run has.
package enum RunSelector: Sendable, Hashable {
    /// The run that began last.
    case last
    /// The run of a job that began last.
    case lastOf(job: String)
    /// The run whose id contains this text, in lower case.
    case part(String)

    /// Reads what people write; `nil` if no run can be meant by it.
    package init?(_ text: String) {
        if text == "last" {
            self = .last
        } else if text.hasPrefix("last:"), text.utf8.count > 5 {
            self = .lastOf(job: String(text.dropFirst(5)))
        } else {
            let part = text.lowercased()
            let isPart = part.utf8.allSatisfy { $0 == UInt8(ascii: "-") || Character(UnicodeScalar($0)).isHexDigit }
            guard isPart, !part.isEmpty else { return nil }
            self = .part(part)
        }
    }

    /// How many runs an error names.
    private static let shown = 5

    /// What a history is asked for.
    package var query: RunQuery {
        var query = RunQuery(limit: 1)
        switch self {
        case .last: break
        case .lastOf(let job): query.job = job
        case .part(let part):
            query.idPart = part
            query.limit = Self.shown + 1
        }
        return query
    }

    /// Returns the run that is meant.
    ///
    /// - Parameter page: What a history answered.
    package func choose(from page: RunPage) throws(RunSelectionError) -> KeptRun {
        guard let first = page.runs.first else { throw RunSelectionError(self, []) }
        if case .part(let part) = self, page.runs.count > 1 {
            // An id that is given as a whole is not part of another one.
            if let whole = page.runs.first(where: { $0.record.id.description == part }) { return whole }
            throw RunSelectionError(self, page.runs)
        }
        return first
    }
}

/// No run, or several, are meant.
package struct RunSelectionError: Error, Hashable, CustomStringConvertible {
    private let selector: RunSelector
    private let candidates: [KeptRun]

    fileprivate init(_ selector: RunSelector, _ candidates: [KeptRun]) {
        self.selector = selector
        self.candidates = candidates
    }

    package var description: String {
        switch selector {
        case .last: return "the history has no run"
        case .lastOf(let job):
            return "the history has no run of the job '\(job.printable)'; 'runs' lists those that it has"
        case .part(let part) where candidates.isEmpty:
            return "the history has no run whose id contains '\(part)'; 'runs' lists those that it has"
        case .part(let part):
            let shown = candidates.prefix(5).map { "  \($0.record.id)  \($0.record.jobName.printable)" }
            let more = candidates.count > shown.count ? ["  …"] : []
            return (["several runs have ids that contain '\(part)'; give more of the one you mean:"] + shown + more)
                .joined(separator: "\n")
        }
    }
}
