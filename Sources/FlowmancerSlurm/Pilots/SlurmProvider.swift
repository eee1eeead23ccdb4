import FlowmancerCore
import Synchronization

/// Asks Slurm for the pilots of a run.
final class SlurmProvider: PilotProvider {
    private let submission: Submission
    private let site: PilotSite
    private let queue: SlurmQueue
    private let ledger: RequestLedger
    private let entrance: PilotEntrance
    private let state = Mutex(State())

    private struct State {
        var requestCount = 0
        /// Those that were not seen to be over.
        var pilots: Set<String> = []
        /// Requests to which Slurm gave no answer, and how often their jobs were looked for.
        var doubts: [PilotToken: Int] = [:]
        var isClosed = false
    }

    init(
        _ submission: Submission,
        site: PilotSite,
        queue: SlurmQueue,
        ledger: RequestLedger,
        entrance: PilotEntrance
    ) {
        self.submission = submission
        self.site = site
        self.queue = queue
        self.ledger = ledger
        self.entrance = entrance
    }

    func request(_ count: Int) async throws -> [String] {
        var pilots: [String] = []
        while pilots.count < count {
            do {
                pilots += try await submit(min(count - pilots.count, Submission.largestArray))
            } catch {
                // Those that were accepted will start.
                if pilots.isEmpty { throw error }
                break
            }
        }
        return pilots
    }

    /// Asks for the pilots of one job array.
    private func submit(_ count: Int) async throws -> [String] {
        let number = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.requestCount += 1
            return state.requestCount
        }
        guard let number else { throw CancellationError() }
        let token = PilotToken(run: site.run, executor: site.executor, number: number)
        try ledger.append(.asking(token))
        switch try await queue.submit(submission, count: count, token: token) {
        case .refused(let refusal):
            if refusal.isLasting { throw PilotRefusal(refusal.words) }
            throw SlurmError(refusal.words)
        case .doubtful(let reason):
            state.withLock { $0.doubts[token] = 0 }
            throw SlurmError("Slurm did not say whether it accepts pilots: \(reason)")
        case .accepted(let job):
            let pilots = (1...count).map { SlurmJobID.pilot(job, $0) }
            let isClosed = state.withLock { state in
                state.pilots.formUnion(pilots)
                return state.isClosed
            }
            if isClosed {
                try await queue.cancel(pilots)
                throw CancellationError()
            }
            // The pilots are found by their token, too.
            try? ledger.append(.accepted(token, job: job))
            return pilots
        }
    }

    func states(of pilots: [String]) async throws -> [String: PilotState] {
        try await endUnanswered()
        guard !pilots.isEmpty else { return [:] }
        let listing = try await queue.listing(of: pilots)
        var result: [String: PilotState] = [:]
        for pilot in pilots {
            result[pilot] = listing.entry(of: pilot).map { PilotState($0) } ?? .forgotten
        }
        let over = result.filter { $0.value.isOver }
        state.withLock { $0.pilots.subtract(over.keys) }
        for (pilot, state) in over { result[pilot] = state.addingOutput(of: pilot, in: site.directory) }
        return result
    }

    func release(_ pilots: [String]) async throws {
        try await queue.cancel(pilots)
    }

    func close() async {
        let pilots = state.withLock { state in
            state.isClosed = true
            return state.pilots
        }
        await entrance.close()
        // If Slurm does not answer, the pilots end by themselves: nobody takes them in any more.
        try? await queue.cancel(Array(pilots))
        try? await endUnanswered()
    }

    /// Ends the pilots of which Slurm has told nobody. They might start hours later, and nobody knows them.
    private func endUnanswered() async throws {
        let doubts = state.withLock { Set($0.doubts.keys) }
        guard !doubts.isEmpty else { return }
        let found = try await queue.ownListing().entries.filter { entry in
            PilotToken(entry.comment).map(doubts.contains) ?? false
        }
        if !found.isEmpty { try await queue.cancelJobs(found.map(\.id.job)) }
        let certain = Set(found.compactMap { PilotToken($0.comment) })
        state.withLock { state in
            for token in doubts {
                // What was sent may arrive later than it was asked about.
                let looks = state.doubts[token, default: 0] + 1
                state.doubts[token] = certain.contains(token) || looks == Self.lookCount ? nil : looks
            }
        }
    }

    /// So often the job of an unanswered request is looked for.
    private static let lookCount = 10
}

extension PilotState {
    /// The state with what the pilot printed last, if it ended in another way than it should.
    func addingOutput(of pilot: String, in directory: String) -> PilotState {
        guard case .over(let reason) = self, !reason.hasPrefix("COMPLETED"), !reason.hasPrefix("CANCELLED"),
            let output = PilotOutput.end(of: pilot, in: directory)
        else { return self }
        return .over(reason: "\(reason); its last output: \(output)")
    }
}
