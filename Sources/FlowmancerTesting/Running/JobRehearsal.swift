import Flowmancer
import FlowmancerCore

/// A run of a job in this process: the real scheduler decides, Swift tasks take the place of workers.
struct JobRehearsal {
    let id: RunID
    let job: JobDefinition
    /// The types of the job's tasks; `nil` for one that stands for a job of its own.
    private let types: [(any FlowTask.Type)?]
    private let start: RunStart
    var roster: TaskRoster
    private var restarted: Set<Int>
    /// What an earlier run decided about tasks that may be up to date.
    private var decided: [Int: Preparation]
    /// The members of groups that are about to expand.
    private var expansions: [Int: TaskExpansion]
    private let sharedDict: SharedDict
    private let clock: any Clock<Duration>
    private let inbox: AsyncStream<Input>.Continuation

    private let preparer: TaskPreparer
    private var values = RunValues()
    /// What the variables of tasks stand for that were prepared.
    private var bindings: [Int: RunBindings]
    var scheduler: Scheduler
    private var progress: RecordedProgress
    var plugins: RehearsalPlugins
    /// Attempts and timers under way. On a clock that moves by itself, it moves when all of them sleep.
    private var activities: [Int: Task<Void, Never>] = [:]
    private var lastActivity = 0
    /// The attempts under way, by task.
    private var attempts: [Int: (activity: Int, number: Int)] = [:]
    private var timers: [SchedulerTimer: Int] = [:]
    private var isFinished = false
    var notes = AttemptNotes()
    /// What attempts under way published.
    private var outputs: [Int: JSONText] = [:]
    var ends: DependencyEnds

    var events: [ExecutionEvent] = []
    var log: [TaskLogEvent] = []
    private var failures: [LifecycleFailure] = []

    init(
        id: RunID,
        roster: TaskRoster,
        types: [(any FlowTask.Type)?],
        catalog: TypeCatalog,
        start: RunStart,
        sharedDict: SharedDict,
        clock: any Clock<Duration>,
        plugins: RehearsalPlugins,
        inbox: AsyncStream<Input>.Continuation
    ) {
        self.id = id
        job = roster.job
        self.roster = roster
        self.types = types
        self.start = start
        restarted = start.restarted
        expansions = start.expansions
        decided = start.decided
        progress = start.progress
        ends = DependencyEnds(roster)
        self.sharedDict = sharedDict
        self.clock = clock
        self.plugins = plugins
        self.inbox = inbox
        // Without a grace period: a Swift task cannot be killed.
        preparer = TaskPreparer(job, catalog: catalog)
        bindings = start.allDecided.compactMapValues(\.bindings)
        var nodes = roster.plan
        nodes.origins = start.origins
        nodes.preparations = start.preparations
        scheduler = Scheduler(
            nodes,
            settings: SchedulerSettings(
                concurrency: job.configuration.maxConcurrency,
                resources: roster.resources.resources,
                maxFailures: job.configuration.maxFailures,
                timeout: job.configuration.timeout.duration
            )
        )
    }

    mutating func perform(_ inputs: AsyncStream<Input>, isRestart: Bool) async throws -> JobTestRun {
        let manual = clock as? ManualClock
        manual?.follow { [inbox] in inbox.yield(.asleep) }
        defer { manual?.follow(nil) }
        await plugins.begin(isRestart: isRestart)
        await handle(.begin)
        var inputs = inputs.makeAsyncIterator()
        while !isFinished, let input = await inputs.next() {
            await take(input)
            manual?.advanceIfAsleep(activities.keys)
        }
        for timer in activities.values { timer.cancel() }
        let outcome = scheduler.outcome(roster.names)
        await plugins.end(outcome)
        return JobTestRun(
            result: RunResult(runID: id, outcome),
            events: events,
            log: log,
            failures: failures,
            pluginErrors: plugins.errors,
            sharedDict: sharedDict,
            checkpoint: progress.contents(sharedDict: try await sharedDict.contents())
        )
    }

    // MARK: What happens

    private mutating func take(_ input: Input) async {
        switch input {
        case .log(let task, let attempt, let line):
            notes.note(line.message, line.severity, of: task)
            await publish(.line, line, of: task, attempt: attempt)
        case .remark(let task, let attempt, let text):
            await publish(remark: text, of: task, attempt: attempt)
        case .failure(let failure):
            failures.append(failure)
        case .outputs(let task, let json):
            outputs[task] = json
        case .ended(let task, let activity, let outcome):
            activities[activity] = nil
            guard let attempt = attempts[task], attempt.activity == activity else { return }
            attempts[task] = nil
            if let refusal = scheduler.refusal(of: task, attempt: attempt.number, after: outcome) {
                await publish(remark: refusal.remark, of: task, attempt: attempt.number)
            }
            await publish(.end, of: task, attempt: attempt.number)
            await handle(.ended(task, outcome))
        case .elapsed(let activity, let timer):
            // A timer that was cancelled just when it rang is not heard.
            if activities.removeValue(forKey: activity) != nil { await handle(.elapsed(timer)) }
        case .asleep:
            break
        case .abort:
            await handle(.abort)
        }
    }

    private mutating func handle(_ event: SchedulerEvent) async {
        for action in scheduler.handle(event) { await perform(action) }
    }

    // MARK: What is done about it

    private mutating func perform(_ action: SchedulerAction) async {
        switch action {
        case .transition(let step):
            let reported = step.from == .running ? outputs.removeValue(forKey: step.task) : nil
            _ = progress.note(
                step.task,
                from: step.from,
                to: step.to,
                attempt: step.attempt,
                outputs: step.to == .completed ? reported : nil
            )
            await publish(step)
        case .start(let task, let attempt, _):
            await start(task, attempt: attempt)
        case .wake(let timer, let pause):
            startTimer(timer, pause)
        case .wakeAtRandom(let timer, let pause):
            // A test is to take the same way each time.
            startTimer(timer, pause.duration(at: 0))
        case .forget(let timer):
            if let activity = timers.removeValue(forKey: timer) { activities.removeValue(forKey: activity)?.cancel() }
        case .cancel(let task, let reason):
            guard let attempt = attempts[task] else { return }
            if case .overrun(let limit) = reason {
                let text = "The task exceeded its time limit of \(limit.text), so it is cancelled."
                await publish(remark: text, of: task, attempt: attempt.number)
            }
            activities[attempt.activity]?.cancel()
        case .prepare(let task):
            await prepare(task)
        case .record(let task, let preparation):
            _ = progress.note(task, preparation)
            bindings[task] = preparation.bindings
        case .expanded(let group, _):
            expand(group)
        case .gathered(let group, let state):
            ends.note(EndedDependency(group: roster.names[group], state), of: group)
        case .withdraw, .admit, .kill, .announce, .announceFailures:
            // Every task is taken up as soon as it is handed out, and none can be killed.
            break
        case .finish:
            isFinished = true
        }
    }

    private mutating func prepare(_ node: Int) async {
        var dictionary: [String: JSONText] = [:]
        // A dictionary that fails has no value.
        for key in preparer.sharedKeys(of: roster.definition(of: node)) {
            dictionary[key] = try? await sharedDict.json(key)
        }
        let moment = RunValues.Moment(
            state: { [scheduler] in scheduler.state(of: $0) },
            outputs: { [progress] in progress.outputs(of: $0) },
            shared: { [dictionary] in dictionary[$0] }
        )
        var values = values
        let found = NodePreparation.find(node, decided: decided[node], roster, preparer, start) {
            values.lookup($0, of: node, in: roster, at: moment)
        }
        self.values = values
        expansions[node] = found.members
        await handle(.prepared(node, found.preparation))
    }

    private mutating func expand(_ group: Int) {
        guard let members = expansions.removeValue(forKey: group) else { return }
        let new = roster.append(members, to: group)
        progress.add(members)
        ends.add(new, of: roster)
        for (member, decision) in members.decisions.enumerated() where decision.isRestart {
            restarted.insert(new.lowerBound + member)
        }
        for (member, inner) in members.inner { expansions[new.lowerBound + member] = inner }
        for (member, preparation) in members.decided { decided[new.lowerBound + member] = preparation }
        for (member, preparation) in members.plan.preparations {
            bindings[new.lowerBound + member] = preparation.bindings
        }
    }

    private mutating func start(_ task: Int, attempt number: Int) async {
        let name = roster.names[task]
        let definition = roster.task(task)
        guard let type = types[roster.definition(of: task)] else { preconditionFailure("a group is no attempt") }
        let attempt = Attempt(
            parameters: roster.parameters(
                of: task,
                bindings[task] ?? RunBindings(),
                types: TaskKind.of(type).parameters.description
            ),
            type: type,
            metadata: TaskMetadata(
                runID: id,
                jobName: job.configuration.name,
                name: name,
                variant: definition.variant,
                dependsOn: roster.dependencyNames(of: task),
                dependencies: ends.dependencies(of: task) ?? [],
                resources: scheduler.units(of: task),
                attempt: number,
                isRestart: restarted.contains(task)
            ),
            sharedDict: sharedDict,
            clock: clock
        )
        let activity = nextActivity()
        attempts[task] = (activity, number)
        await publish(.start, of: task, attempt: number)
        await handle(.started(task))
        // Unstructured, since an attempt is cancelled by itself; its end is an input that the run waits for.
        activities[activity] = ManualClock.$activity.withValue(activity) {
            Task { [inbox] in
                let outcome = await attempt.execute(
                    log: { inbox.yield(.log(task: task, attempt: number, $0)) },
                    remark: { inbox.yield(.remark(task: task, attempt: number, $0)) },
                    publish: { inbox.yield(.outputs(task: task, $0)) },
                    fail: { inbox.yield(.failure($0)) }
                )
                inbox.yield(.ended(task: task, activity: activity, outcome))
            }
        }
    }

    private mutating func startTimer(_ timer: SchedulerTimer, _ duration: Duration) {
        let activity = nextActivity()
        timers[timer] = activity
        activities[activity] = ManualClock.$activity.withValue(activity) {
            Task { [inbox, clock] in
                guard (try? await clock.sleep(for: duration)) != nil else { return }
                inbox.yield(.elapsed(activity: activity, timer))
            }
        }
    }

    private mutating func nextActivity() -> Int {
        lastActivity += 1
        return lastActivity
    }
}
