import FlowmancerCore

/// Decides when and how the progress of a run is stored: in a journal if the checkpointer keeps one, otherwise at
/// intervals.
///
/// A pure value: events go in, actions come out. ``ProgressRecorder`` carries them out.
struct RecorderState<Journal> {
    /// What happened.
    enum Event {
        /// A step was handed to the journal, if there is one; a failure says why the journal did not take it.
        case recorded(failure: String?)
        /// The interval is over.
        ///
        /// - Parameter isDue: Whether the journal asks to be replaced.
        case elapsed(isDue: Bool)
        /// A synchronisation ended.
        case synchronised(journal: Int, failure: String?)
        /// The checkpointer opened another journal; `nil` if it keeps none.
        case opened(Journal?)
        case notOpened(String)
        /// A checkpoint was written, or not.
        case written(failure: String?)
        /// The checkpointer has not answered for a time.
        case unanswered(for: Duration)
        /// The end of the run is near, and stores everything: a checkpointer without a journal need not write before.
        case ending
        /// Nothing is recorded any more.
        case stop
    }

    /// What to do.
    enum Action {
        /// Send ``Event/elapsed(isDue:)`` after the interval.
        case startTimer
        case stopTimer
        /// Make the journal outlive a power failure, and send ``Event/synchronised(journal:failure:)`` with its number.
        case synchronise(Journal, number: Int)
        /// Start another journal from the present progress, and send ``Event/opened(_:)`` or ``Event/notOpened(_:)``.
        case open
        /// Write the present progress, and send ``Event/written(failure:)``.
        case write
        /// Send ``Event/unanswered(for:)`` if the checkpointer is not heard of in time.
        case watch
        case stopWatching
        case close(Journal)
        /// What waited while the state was blocked may go on.
        case resume
        case report(RunNotice)
    }

    private enum Phase {
        case recording(Journal)
        /// The journal failed, so another one has to be opened. The one before is still of use if every step is in it: it
        /// survives the process, if not a power failure.
        case failing(previous: Journal?)
        /// Another journal is being opened. Nothing may be acted on before it is there.
        case opening(previous: Journal?, wasFailing: Bool)
        /// Opening it takes so long that the run does not wait for it.
        case stalled(previous: Journal?)
        /// The checkpointer keeps no journal.
        case periodic(isWriting: Bool)
    }

    private enum Stage {
        case running, ending, stopped
    }

    private var phase: Phase
    private var stage = Stage.running
    /// Whether there are steps that no synchronisation and no checkpoint has.
    private var isDirty = false
    private var isTimerSet = false
    private var isSynchronising = false
    /// Whether the last write of a checkpointer without a journal failed.
    private var isWritingFailing = false
    /// The number of the journal that was opened last. What is heard of an earlier one does not count.
    private var number = 0

    /// - Parameter journal: The journal that the checkpointer opened, if it keeps one.
    init(_ journal: Journal?) {
        phase = journal.map(Phase.recording) ?? .periodic(isWriting: false)
    }

    /// Whether nothing can be recorded right now, and so nothing may be acted on.
    var isBlocked: Bool { if case .opening = phase { !isStopped } else { false } }

    var isStopped: Bool { stage == .stopped }

    var isPeriodic: Bool { if case .periodic = phase { true } else { false } }

    /// The journal that has every step of the run, if there is one.
    var journal: Journal? {
        switch phase {
        case .recording(let journal): journal
        case .failing(let previous), .opening(let previous, _), .stalled(let previous): previous
        case .periodic: nil
        }
    }

    mutating func handle(_ event: Event, _ actions: inout [Action]) {
        guard !isStopped else {
            // It comes too late to be of use.
            if case .opened(let journal?) = event { actions.append(.close(journal)) }
            return
        }
        switch event {
        case .recorded(let failure):
            isDirty = true
            if let failure { giveUpJournal(failure, &actions) }
            startTimer(&actions)
        case .elapsed(let isDue):
            isTimerSet = false
            if isDirty { store(isDue: isDue, &actions) }
        case .synchronised(let journal, let failure):
            isSynchronising = false
            guard journal == number, let failure, case .recording(let current) = phase else { return }
            actions.append(.report(.checkpointFailing(failure)))
            phase = .failing(previous: current)
            isDirty = true
            startTimer(&actions)
        case .opened(let journal):
            finishOpening(journal, &actions)
        case .notOpened(let failure):
            failOpening(failure, &actions)
        case .written(let failure):
            finishWriting(failure, &actions)
        case .unanswered(let patience):
            noteSilence("the checkpointer has not answered for \(patience.text)", &actions)
        case .ending:
            guard isPeriodic else { return }
            stage = .ending
            actions.append(.stopTimer)
        case .stop:
            stage = .stopped
            actions += [.stopTimer, .stopWatching]
        }
    }

    private mutating func startTimer(_ actions: inout [Action]) {
        guard !isTimerSet, stage == .running else { return }
        isTimerSet = true
        actions.append(.startTimer)
    }

    /// What follows may not be recorded either: a gap would set states and shared values at odds.
    private mutating func giveUpJournal(_ failure: String, _ actions: inout [Action]) {
        if let journal { actions.append(.close(journal)) }
        if case .recording = phase { actions.append(.report(.checkpointFailing(failure))) }
        if case .stalled = phase { phase = .stalled(previous: nil) } else { phase = .failing(previous: nil) }
    }

    /// Stores what was recorded since the last time.
    private mutating func store(isDue: Bool, _ actions: inout [Action]) {
        switch phase {
        case .recording(let journal) where isDue:
            open(previous: journal, wasFailing: false, &actions)
        case .recording(let journal) where !isSynchronising:
            isDirty = false
            isSynchronising = true
            actions.append(.synchronise(journal, number: number))
        case .failing(let previous):
            open(previous: previous, wasFailing: true, &actions)
        case .periodic(isWriting: false):
            isDirty = false
            phase = .periodic(isWriting: true)
            actions += [.write, .watch]
        case .recording, .opening, .stalled, .periodic(isWriting: true):
            startTimer(&actions)
        }
    }

    private mutating func open(previous: Journal?, wasFailing: Bool, _ actions: inout [Action]) {
        phase = .opening(previous: previous, wasFailing: wasFailing)
        actions += [.open, .watch]
    }

    private mutating func finishOpening(_ journal: Journal?, _ actions: inout [Action]) {
        actions.append(.stopWatching)
        switch phase {
        case .opening(let previous, let wasFailing):
            if let previous { actions.append(.close(previous)) }
            number += 1
            phase = journal.map(Phase.recording) ?? .periodic(isWriting: false)
            if journal == nil {
                // The first checkpoint that is written tells that progress is stored again.
                isWritingFailing = wasFailing
            } else if wasFailing {
                actions.append(.report(.checkpointRecovered))
            }
            startTimer(&actions)
            actions.append(.resume)
        case .stalled(let previous):
            // What happened meanwhile is not in it, and it took the place of the one before.
            actions += [previous, journal].compactMap(\.self).map(Action.close)
            phase = .failing(previous: nil)
            startTimer(&actions)
        case .recording, .failing, .periodic:
            break
        }
    }

    private mutating func failOpening(_ failure: String, _ actions: inout [Action]) {
        actions.append(.stopWatching)
        switch phase {
        case .opening(let previous, let wasFailing):
            phase = .failing(previous: previous)
            if !wasFailing { actions.append(.report(.checkpointFailing(failure))) }
            startTimer(&actions)
            actions.append(.resume)
        case .stalled(let previous):
            phase = .failing(previous: previous)
            startTimer(&actions)
        case .recording, .failing, .periodic:
            break
        }
    }

    private mutating func finishWriting(_ failure: String?, _ actions: inout [Action]) {
        actions.append(.stopWatching)
        phase = .periodic(isWriting: false)
        if let failure {
            if !isWritingFailing { actions.append(.report(.checkpointFailing(failure))) }
            isDirty = true
        } else if isWritingFailing {
            actions.append(.report(.checkpointRecovered))
        }
        isWritingFailing = failure != nil
        if isDirty { startTimer(&actions) }
    }

    private mutating func noteSilence(_ problem: String, _ actions: inout [Action]) {
        switch phase {
        case .opening(let previous, let wasFailing):
            phase = .stalled(previous: previous)
            if !wasFailing { actions.append(.report(.checkpointFailing(problem))) }
            actions.append(.resume)
        case .periodic(isWriting: true):
            if !isWritingFailing { actions.append(.report(.checkpointFailing(problem))) }
            isWritingFailing = true
        case .recording, .failing, .stalled, .periodic(isWriting: false):
            break
        }
    }
}
