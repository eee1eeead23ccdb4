import FlowmancerCore
import TestSupport
import Testing

@testable import FlowmancerEngine

/// Journals are numbers here.
@Suite struct RecorderStateTests {
    @Test func aStepIsSynchronisedOnceItsTimeHasCome() {
        var state = RecorderState(1)
        #expect(state.told(.recorded(failure: nil)) == "startTimer")
        #expect(state.told(.recorded(failure: nil)) == "")
        #expect(state.told(.elapsed(isDue: false)) == "synchronise(1, number: 0)")
        #expect(state.told(.synchronised(journal: 0, failure: nil)) == "")
        #expect(state.journal == 1)
    }

    /// On a disk that takes longer than the interval, synchronisations would pile up.
    @Test func oneSynchronisationIsUnderWayAtATime() {
        var state = RecorderState(1)
        state.take(.recorded(failure: nil), .elapsed(isDue: false))
        #expect(state.told(.recorded(failure: nil)) == "startTimer")
        #expect(state.told(.elapsed(isDue: false)) == "startTimer")
        state.take(.synchronised(journal: 0, failure: nil))
        #expect(state.told(.elapsed(isDue: false)) == "synchronise(1, number: 0)")
    }

    @Test func aJournalThatTakesNoStepIsClosedAndReplaced() {
        var state = RecorderState(1)
        #expect(state.told(.recorded(failure: "full")) == "close(1) failing startTimer")
        #expect(state.journal == nil)
        #expect(!state.isBlocked)
        // What follows is not recorded either, and is said once.
        #expect(state.told(.recorded(failure: nil)) == "")
        #expect(state.told(.elapsed(isDue: false)) == "open watch")
        #expect(state.isBlocked)
        #expect(state.told(.notOpened("full")) == "stopWatching startTimer resume")
        #expect(state.told(.elapsed(isDue: false)) == "open watch")
        #expect(state.told(.opened(2)) == "stopWatching recovered startTimer resume")
        #expect(state.journal == 2)
    }

    @Test func aJournalThatIsNotDurableStaysInUseUntilThereIsAnother() {
        var state = RecorderState(1)
        state.take(.recorded(failure: nil), .elapsed(isDue: false))
        #expect(state.told(.synchronised(journal: 0, failure: "broken")) == "failing startTimer")
        #expect(state.journal == 1)
        #expect(state.told(.elapsed(isDue: false)) == "open watch")
        #expect(state.told(.opened(2)) == "stopWatching close(1) recovered startTimer resume")
        #expect(state.journal == 2)
    }

    @Test func nothingIsActedOnWhileAJournalIsReplaced() {
        var state = RecorderState(1)
        state.take(.recorded(failure: nil))
        #expect(state.told(.elapsed(isDue: true)) == "open watch")
        #expect(state.isBlocked)
        #expect(state.told(.opened(2)) == "stopWatching close(1) startTimer resume")
        #expect(!state.isBlocked)
        #expect(state.told(.elapsed(isDue: false)) == "synchronise(2, number: 1)")
    }

    @Test func aSlowCheckpointerIsNotWaitedForAndItsJournalLacksSteps() {
        var state = RecorderState(1)
        state.take(.recorded(failure: nil), .elapsed(isDue: true))
        #expect(state.told(.unanswered(for: .seconds(5))) == "failing resume")
        #expect(!state.isBlocked)
        #expect(state.journal == 1)
        state.take(.recorded(failure: nil))
        #expect(state.told(.opened(2)) == "stopWatching close(1) close(2)")
        #expect(state.journal == nil)
        #expect(state.told(.elapsed(isDue: false)) == "open watch")
        #expect(state.told(.opened(3)) == "stopWatching recovered startTimer resume")
        #expect(state.journal == 3)
    }

    @Test func theEarlierJournalHasEverythingIfTheSlowCheckpointerFails() {
        var state = RecorderState(1)
        state.take(.recorded(failure: nil), .elapsed(isDue: true), .unanswered(for: .seconds(5)))
        #expect(state.told(.notOpened("full")) == "stopWatching startTimer")
        #expect(state.journal == 1)
    }

    @Test func whatIsHeardOfAnEarlierJournalDoesNotCount() {
        var state = RecorderState(1)
        state.take(.recorded(failure: nil), .elapsed(isDue: false), .recorded(failure: nil), .elapsed(isDue: true))
        state.take(.opened(2))
        #expect(state.told(.synchronised(journal: 0, failure: "broken")) == "")
        #expect(state.journal == 2)
    }

    @Test func withoutAJournalCheckpointsAreWrittenAtIntervals() {
        var state = RecorderState<Int>(nil)
        #expect(state.told(.recorded(failure: nil)) == "startTimer")
        #expect(state.told(.elapsed(isDue: false)) == "write watch")
        #expect(state.told(.recorded(failure: nil)) == "startTimer")
        // One write at a time.
        #expect(state.told(.elapsed(isDue: false)) == "startTimer")
        #expect(state.told(.written(failure: nil)) == "stopWatching")
        #expect(state.told(.elapsed(isDue: false)) == "write watch")
        #expect(state.told(.written(failure: "full")) == "stopWatching failing startTimer")
        #expect(state.told(.elapsed(isDue: false)) == "write watch")
        #expect(state.told(.unanswered(for: .seconds(5))) == "")
        #expect(state.told(.written(failure: nil)) == "stopWatching recovered")
    }

    @Test func aSlowWriteIsToldOnce() {
        var state = RecorderState<Int>(nil)
        state.take(.recorded(failure: nil), .elapsed(isDue: false))
        #expect(state.told(.unanswered(for: .seconds(5))) == "failing")
        #expect(state.told(.written(failure: "full")) == "stopWatching startTimer")
    }

    @Test func theEndStoresWhatNoIntervalDoes() {
        var state = RecorderState<Int>(nil)
        state.take(.recorded(failure: nil), .elapsed(isDue: false))
        #expect(state.told(.ending) == "stopTimer")
        #expect(state.told(.recorded(failure: nil)) == "")
        #expect(state.told(.written(failure: nil)) == "stopWatching")
        var journaling = RecorderState(1)
        #expect(journaling.told(.ending) == "")
        #expect(journaling.told(.recorded(failure: nil)) == "startTimer")
    }

    @Test func nothingFollowsTheStop() {
        var state = RecorderState(1)
        state.take(.recorded(failure: nil), .elapsed(isDue: true))
        #expect(state.told(.stop) == "stopTimer stopWatching")
        #expect(!state.isBlocked)
        #expect(state.journal == 1)
        #expect(state.told(.opened(2)) == "close(2)")
    }

    @Test func everyRunKeepsTheRules() {
        for seed in UInt64(0)..<2_000 {
            var world = RecordingWorld(seed: seed)
            world.play()
            guard world.problems.isEmpty else {
                Issue.record("seed \(seed): \(world.problems.prefix(3).joined(separator: "; "))")
                return
            }
        }
    }
}

extension RecorderState {
    fileprivate mutating func take(_ events: Event...) {
        var actions: [Action] = []
        for event in events { handle(event, &actions) }
    }

    /// What is to be done about an event, in words.
    fileprivate mutating func told(_ event: Event) -> String {
        var actions: [Action] = []
        handle(event, &actions)
        return actions.map { action in
            if case .report(let notice) = action {
                notice == .checkpointRecovered ? "recovered" : "failing"
            } else {
                "\(action)"
            }
        }
        .joined(separator: " ")
    }
}

/// A checkpointer whose disk fails and slows down as it likes, and a run that records steps with it.
private struct RecordingWorld {
    private var random: SeededGenerator
    private var state: RecorderState<Int>
    private(set) var problems: [String] = []

    private var steps = 0
    /// How many steps every journal that is open has, and how many journals there were.
    private var journals: [Int: Int] = [:]
    private var lastJournal = 0
    /// How many steps the last checkpoint has.
    private var written = 0
    private let keepsJournals: Bool

    // What is under way.
    private var isTimerSet = false
    private var isWatched = false
    private var opening: Int?
    private var writing: Int?
    private var synchronising: [Int] = []
    private var isFailing = false
    private var resumptions = 0

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        keepsJournals = random.chance(75)
        if keepsJournals { (lastJournal, journals) = (1, [1: 0]) }
        state = RecorderState(keepsJournals ? 1 : nil)
    }

    mutating func play() {
        let troubles = Int.random(in: 0...60, using: &random)
        for _ in 0..<Int.random(in: 1...120, using: &random) where problems.isEmpty { happen(troubles: troubles) }
        // Once nothing fails any more, everything is stored.
        for _ in 0..<20 where problems.isEmpty {
            settle()
            if isTimerSet { elapse(troubles: 0) }
        }
        check(state.journal.map { journals[$0] == steps } ?? (written == steps), "not all is stored in the end")
        check(!isFailing && !state.isBlocked && !isTimerSet, "it does not come to rest")
        if random.chance(50) { happen(troubles: 50) }
        handle(.stop)
        let rest = Set(journals.keys).subtracting([state.journal].compactMap(\.self))
        check(rest.isEmpty, "journals \(rest) are not closed")
        check(!state.isBlocked && !isTimerSet && !isWatched, "something goes on after the end")
    }

    /// Lets everything that is under way end well.
    private mutating func settle() {
        if opening != nil { answer(troubles: 0) }
        if writing != nil { answer(troubles: 0) }
        while !synchronising.isEmpty { synchronised(troubles: 0) }
    }

    private mutating func happen(troubles: Int) {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<50: record(troubles: troubles)
        case ..<70: if isTimerSet { elapse(troubles: troubles) }
        case ..<80: if opening != nil || writing != nil { answer(troubles: troubles) }
        case ..<90: synchronised(troubles: troubles)
        default: if isWatched, random.chance(troubles) { silence() }
        }
    }

    private mutating func record(troubles: Int) {
        guard !state.isBlocked else { return }
        steps += 1
        guard let journal = state.journal else { return handle(.recorded(failure: nil)) }
        check(journals[journal] != nil, "a step for a journal that is closed")
        guard !random.chance(troubles / 4) else { return handle(.recorded(failure: "full")) }
        journals[journal, default: 0] += 1
        handle(.recorded(failure: nil))
    }

    private mutating func elapse(troubles: Int) {
        isTimerSet = false
        handle(.elapsed(isDue: random.chance(troubles)))
    }

    private mutating func answer(troubles: Int) {
        let fails = random.chance(troubles)
        if let contents = opening {
            opening = nil
            guard !fails else { return handle(.notOpened("full")) }
            lastJournal += 1
            journals[lastJournal] = contents
            handle(.opened(lastJournal))
        } else if let contents = writing {
            writing = nil
            if !fails { written = contents }
            handle(.written(failure: fails ? "full" : nil))
        }
    }

    private mutating func synchronised(troubles: Int) {
        guard !synchronising.isEmpty else { return }
        handle(.synchronised(journal: synchronising.removeFirst(), failure: random.chance(troubles) ? "broken" : nil))
    }

    private mutating func silence() {
        isWatched = false
        handle(.unanswered(for: .seconds(1)))
    }

    private mutating func handle(_ event: RecorderState<Int>.Event) {
        let wasBlocked = state.isBlocked
        var actions: [RecorderState<Int>.Action] = []
        state.handle(event, &actions)
        for action in actions { perform(action) }
        if let journal = state.journal { check(journals[journal] == steps, "the journal in use lacks steps") }
        check(!state.isBlocked || opening != nil && isWatched, "blocked without an end")
        let isFreed = wasBlocked && !state.isBlocked && !state.isStopped
        check(resumptions == (isFreed ? 1 : 0), "resumed \(resumptions) times")
        resumptions = 0
    }

    private mutating func perform(_ action: RecorderState<Int>.Action) {
        switch action {
        case .startTimer:
            check(!isTimerSet, "two timers")
            isTimerSet = true
        case .stopTimer: isTimerSet = false
        case .watch: isWatched = true
        case .stopWatching: isWatched = false
        case .synchronise(let journal, let number):
            check(synchronising.isEmpty, "two synchronisations at a time")
            check(state.journal == journal, "another journal is synchronised than the one in use")
            synchronising.append(number)
        case .open:
            check(opening == nil, "two journals are opened at a time")
            opening = steps
        case .write:
            check(writing == nil, "two checkpoints are written at a time")
            writing = steps
        case .close(let journal):
            check(journals.removeValue(forKey: journal) != nil, "a journal is closed twice")
        case .resume: resumptions += 1
        case .report(let notice):
            let isGood = notice == .checkpointRecovered
            check(isGood == isFailing, isGood ? "it recovered from nothing" : "a failure is told twice")
            isFailing = !isGood
        }
    }

    private mutating func check(_ holds: Bool, _ problem: String) {
        if !holds { problems.append(problem) }
    }
}
