import TestSupport
import Testing

@testable import FlowmancerCore

/// The pauses between attempts.
@Suite struct BackoffTests {
    @Test func pausesGrowUpToTheLongest() {
        let backoff = Backoff(first: .seconds(1), factor: 2, max: .seconds(10))
        let pauses = (1...6).map { backoff.pause(after: $0) }
        #expect(pauses == [1, 2, 4, 8, 10, 10].map { RetryPause.fixed(.seconds($0)) })
        #expect(Backoff(first: .milliseconds(1_100)).pause(after: 1_000_000) == .fixed(.milliseconds(1_100)))
        #expect(Backoff(factor: 2).pause(after: 5) == .fixed(.zero))
    }

    @Test func chanceOnlyMakesPausesLonger() {
        let backoff = Backoff(first: .seconds(2), factor: 3, max: .seconds(20), jitter: 0.5)
        let pause = backoff.pause(after: 2)
        #expect(pause == .random(.seconds(6) ... .seconds(9), atMost: .seconds(20)))
        #expect([0, 0.5, 1].map(pause.duration) == [.seconds(6), .seconds(7.5), .seconds(9)])
        // What chance makes too long is cut, so the longest pause is likely.
        let third = backoff.pause(after: 3)
        #expect([0, 0.25, 1].map(third.duration) == [.seconds(18), .seconds(20), .seconds(20)])
        #expect(backoff.pause(after: 4) == .fixed(.seconds(20)))
    }

    @Test(arguments: 0..<300 as Range<UInt64>) func pausesAreThoseOfTheFormula(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let first = Double.random(in: 0.001...100, using: &random)
        let factor = random.chance(20) ? 1 : Double.random(in: 1...4, using: &random)
        let longest = random.chance(50) ? nil : first + Double.random(in: 0...1_000, using: &random)
        let jitter = random.chance(30) ? 0 : Double.random(in: 0...3, using: &random)
        let backoff = Backoff(
            first: .seconds(first),
            factor: factor,
            max: longest.map { .seconds($0) },
            jitter: jitter
        )
        var delay = first
        // Beyond the longest duration, only that one is promised.
        for attempt in 1...15 where delay * (1 + jitter) < Duration.longestSetting {
            let position = Double.random(in: 0...1, using: &random)
            let expected = min(delay * (1 + jitter * position), longest ?? .infinity)
            let pause = backoff.pause(after: attempt).duration(at: position) / .seconds(1)
            #expect(abs(pause - expected) <= 1e-8 + expected * 1e-9, "attempt \(attempt) of \(backoff)")
            delay *= factor
        }
    }

    @Test func noPauseIsTooLongToBeCounted() {
        let longest = Duration.seconds(Duration.longestSetting)
        let backoff = Backoff(first: .seconds(1), factor: 1e300, jitter: 1e300)
        #expect(backoff.pause(after: 1).duration(at: 1) == longest)
        for attempt in [2, 3, 1_000_000, .max] { #expect(backoff.pause(after: attempt).duration(at: 0.5) == longest) }
    }

    @Test func whatSaysTheSameIsEqual() {
        var backoff = Backoff(first: .seconds(1), factor: 2)
        #expect(backoff != Backoff(first: .seconds(1)))
        backoff.factor = 1
        #expect(backoff == Backoff(first: .seconds(1)))
        backoff.max = .seconds(5)
        backoff.jitter = 0.5
        #expect(backoff == Backoff(first: .seconds(1), max: .seconds(5), jitter: 0.5))
    }

    /// There may be a million tasks.
    @Test func aBackoffTakesLittleMoreThanADuration() {
        #expect(MemoryLayout<Backoff>.size <= 24)
        #expect(MemoryLayout<[RetryCause]?>.size == 8)
    }
}
