import TestSupport
import FlowmancerFaults
import FoundationEssentials
import Glibc

/// Many rounds, side by side, and the words about them.
package struct Campaign: Sendable {
    private let settings: Round.Settings
    private let isVerbose: Bool
    private let width: Int

    /// - Parameters:
    ///   - width: How many rounds go on at once.
    ///   - isVerbose: Whether every round is mentioned.
    package init(settings: Round.Settings, width: Int, isVerbose: Bool) {
        self.settings = settings
        self.width = width
        self.isVerbose = isVerbose
    }

    /// Performs random rounds.
    ///
    /// - Returns: How many rounds had violations.
    package func performRandom(seed: UInt64, rounds: Range<Int>) async -> Int {
        await performAll(rounds.count) { index in
            let number = rounds.lowerBound + index
            var random = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(number))
            var plan = JobPlan.random(using: &random)
            var attacks = Self.attacks(on: plan, using: &random)
            if let cluster = settings.cluster {
                plan = plan.onCluster()
                for index in attacks.indices {
                    // A pilot that stands still for longer than the lease goes on with its tasks.
                    attacks[index].stopsWorkers = false
                    attacks[index].strikes = Strike.random(on: cluster, sideSize: plan.sideSize, using: &random)
                }
            }
            let round = Round(plan, attacks: attacks, number: number, settings: settings)
            return (round.directory, "--seed \(seed) --round \(number)", await round.perform())
        }
    }

    /// Performs random rounds of jobs whose tasks can be reused.
    ///
    /// - Returns: How many rounds had violations.
    package func performReuse(seed: UInt64, rounds: Range<Int>) async -> Int {
        await performAll(rounds.count) { index in
            let number = rounds.lowerBound + index
            var round = ReuseRound(seed: seed, number: number, settings: settings)
            let outcome = round.perform()
            return (round.directory, "--reuse --seed \(seed) --round \(number)", outcome)
        }
    }

    /// Performs a kill at every fault point, each time that a run passes it.
    ///
    /// - Parameters:
    ///   - selection: Some of the jobs of ``systematicJobs``.
    ///   - stride: Only every n-th kill is performed.
    /// - Returns: How many rounds had violations.
    package func performSystematic(_ selection: [String], stride: Int = 1) async throws -> Int {
        guard FaultPoint.isCompiledIn else { throw CampaignError("only a debug build has fault points") }
        var failures = 0
        var number = 0
        for job in selection {
            guard let (plan, prefix) = Self.systematicJobs[job] else { throw CampaignError("no job is named \(job)") }
            let tracing = Round(plan, attacks: prefix, number: number, settings: settings)
            let traced = await tracing.perform(tracing: prefix.count)
            guard traced.violations.isEmpty else {
                say(traced.violations, in: tracing.directory, "--systematic \(job)")
                failures += 1
                continue
            }
            guard !traced.trace.isEmpty else { throw CampaignError("\(job): the run to be killed never began") }
            var counts: [String: Int] = [:]
            var kills = traced.trace.map { name -> Kill in
                counts[name, default: 0] += 1
                return .fault(name, count: counts[name]!)
            }
            // A long job is like the others but for what surrounds the compaction.
            if let middle = kills.firstIndex(of: .fault("compaction.begin", count: 1)) {
                kills = Array(kills[max(0, middle - 5)..<min(kills.count, middle + 35)])
            }
            say("\(job): \(kills.count) kills at \(counts.count) fault points\n")
            let first = number + 1
            let chosen = Swift.stride(from: 0, to: kills.count, by: stride).map { kills[$0] }
            failures += await performAll(chosen.count) { index in
                let attacks = prefix + [Round.Attack(chosen[index])]
                let round = Round(plan, attacks: attacks, number: first + index, settings: settings)
                return (round.directory, "--systematic \(job), \(chosen[index])", await round.perform())
            }
            number += kills.count + 1
        }
        return failures
    }

    /// The jobs of the systematic mode, each with what happens before the run that is killed at every point.
    package static let systematicJobs: [String: (plan: JobPlan, prefix: [Round.Attack])] = [
        "success": (.small(isSuccessful: true), []),
        "failure": (.small(isSuccessful: false), []),
        "restart": (.small(isSuccessful: true), [Round.Attack(.fault("turn.recorded", count: 8))]),
        "restart-failing": (.small(isSuccessful: false), [Round.Attack(.fault("lock.release", count: 1))]),
        "compaction": (.long, []),
    ]

    // MARK: Random attacks

    private static let faultPoints: [(name: String, most: Int)] = [
        ("lock.opened", 1), ("lock.taken", 1), ("lock.signed", 1), ("lock.release", 1), ("lock.removed", 1),
        ("checkpoint.write", 2), ("checkpoint.created", 2), ("checkpoint.half-written", 2), ("checkpoint.written", 2),
        ("checkpoint.synchronized", 2), ("checkpoint.renamed", 2), ("checkpoint.replaced", 2),
        ("checkpoint.remove", 1), ("checkpoint.removed", 1), ("journal.write", 80), ("journal.half-written", 80),
        ("journal.written", 80), ("journal.synchronized", 2), ("turn.recorded", 80), ("turn.acted", 80),
        ("turn.sent", 80), ("keeper.spawned", 1), ("worker.requested", 6), ("keeper.close", 1),
        ("history.created", 1), ("history.begin", 1), ("history.begun", 1), ("history.write", 3),
        ("history.half-written", 3), ("history.written", 3), ("history.close", 1), ("history.closed", 1),
    ]

    private static func attacks(on plan: JobPlan, using random: inout SeededGenerator) -> [Round.Attack] {
        (0..<Int.random(in: 1...4, using: &random)).map { _ in
            var attack = Round.Attack(kill(on: plan, using: &random))
            attack.stopsWorkers = random.chance(20)
            attack.isImmediate = random.chance(30)
            return attack
        }
    }

    private static func kill(on plan: JobPlan, using random: inout SeededGenerator) -> Kill {
        let pauses = plan.steps.reduce(0) { $0 + $1.pauseMilliseconds }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<2:
            return .afterMilliseconds(Int.random(in: 0...300 + pauses, using: &random))
        case 2..<6:
            return .atSideSize(Int.random(in: 0...plan.sideSize, using: &random))
        default:
            guard FaultPoint.isCompiledIn, let point = faultPoints.randomElement(using: &random) else { return .never }
            return .fault(point.name, count: Int.random(in: 1...point.most, using: &random))
        }
    }

    // MARK: Performing

    private func performAll(
        _ count: Int,
        _ body: @escaping @Sendable (Int) async -> (directory: String, repetition: String, outcome: Round.Outcome)
    ) async -> Int {
        var (failures, kills) = (0, 0)
        await withTaskGroup(of: Round.Outcome.self) { group in
            func add(_ outcome: Round.Outcome) {
                kills += outcome.kills
                if !outcome.violations.isEmpty { failures += 1 }
            }
            for index in 0..<count {
                if index >= width, let outcome = await group.next() { add(outcome) }
                group.addTask {
                    let (directory, repetition, outcome) = await body(index)
                    if isVerbose { say("\(repetition): \(outcome.kills) kills\n") }
                    if !outcome.violations.isEmpty { say(outcome.violations, in: directory, repetition) }
                    return outcome
                }
            }
            for await outcome in group { add(outcome) }
        }
        say("\(count) rounds, \(kills) kills, \(failures) rounds with violations\n")
        return failures
    }

    private func say(_ violations: [String], in directory: String, _ repetition: String) {
        let lines = violations.map { "  \($0)\n" }.joined()
        say("VIOLATION: \(repetition); see \(directory)\n\(lines)")
    }

    /// Prints at once, also into a pipe.
    private func say(_ text: String) {
        print(text, terminator: "")
        fflush(nil)
    }
}
