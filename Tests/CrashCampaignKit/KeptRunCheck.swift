import Flowmancer

/// Compares what the history tells of the runs of a round with what is stored of the last one.
enum KeptRunCheck {
    /// - Parameters:
    ///   - history: The history of the round.
    ///   - ending: How the last run ended.
    ///   - stored: What is stored after its end; `nil` if nothing is.
    ///   - isAlone: Whether no other run has begun since.
    /// - Returns: What is wrong.
    static func violations(
        in history: any FlowHistory,
        ending: History.Ending,
        stored: CheckpointContents?,
        isAlone: Bool
    ) async throws -> [String] {
        let page = try await history.runs(RunQuery(limit: 1_000))
        var result = page.problems.map { "the history says: \($0)" }
        for (index, run) in page.runs.enumerated() {
            guard let digest = try await digest(of: run, in: history, &result) else { continue }
            if isAlone { result += violationsOfEnd(run, digest, isLast: index == 0, ending) }
            if let stored, stored.runID == run.record.id { result += violationsOfStates(digest, stored) }
        }
        return result
    }

    /// Reads a run from its beginning to its end, in which nothing may be missing.
    private static func digest(
        of run: KeptRun,
        in history: any FlowHistory,
        _ violations: inout [String]
    ) async throws -> RunDigest? {
        guard let reader = try await history.openRun(run.record.id, after: 0), let shape = try await reader.shape()
        else {
            violations.append("the run \(run.record.id) is kept without its tasks")
            return nil
        }
        var digest = RunDigest(shape)
        while true {
            let found = try await reader.next(atMost: 1_000)
            if let problem = found.problem { violations.append("the history says: \(problem)") }
            guard !found.events.isEmpty, found.problem == nil else { break }
            for event in found.events { digest.apply(event) }
        }
        if digest.missingEvents + digest.unknownEvents > 0 {
            violations.append("events of the run \(run.record.id) are missing")
        }
        return digest
    }

    private static func violationsOfEnd(
        _ run: KeptRun,
        _ digest: RunDigest,
        isLast: Bool,
        _ ending: History.Ending
    ) -> [String] {
        if let end = run.end?.conclusion {
            guard end.reason == nil else { return [] }
            let counts = digest.counts.filter { $0.value > 0 }
            return counts == end.counts ? [] : ["the kept run ended with \(end.counts), its tasks with \(counts)"]
        }
        if isLast, case .exited = ending { return ["the run ended by itself, and is kept as \(run.state)"] }
        return run.state == .interrupted ? [] : ["a run that was killed is kept as \(run.state)"]
    }

    /// What was told had been recorded before: what the history says to be over is stored as just that.
    private static func violationsOfStates(_ digest: RunDigest, _ stored: CheckpointContents) -> [String] {
        digest.nodes.indices.compactMap { node in
            let name = digest.nodes[node].name
            guard digest.isTold(node), let state = stored.states[name] else { return nil }
            let kept = digest.tasks[node].state
            let isContradiction = kept.isFinal ? state != kept : kept == .running && state == .initial
            return isContradiction ? "\(name) is kept as \(kept), and stored as \(state)" : nil
        }
    }
}
