/// Decides which of the attempts that are ready start next. All limits of a run are enforced here.
///
/// The order is that of ``ReadyAttempt``: the priority, then how much waits for a task, then the order of the job. Attempts
/// of equal demands wait in one line.
///
/// - An attempt needs a place: there are as many as attempts may run at once. Some more are handed out ahead, behind
///   others, but no member of a group that is limited. These have their resources from then on, so that they can begin by
///   themselves.
/// - The lines of a group that has as many attempts as it may are parked until one of these ends.
/// - An attempt gets all the resources that it asks for, or none and waits. What the first of those that wait asks for is
///   kept for it, so that smaller demands do not overtake it again and again. From then on, only a higher priority comes
///   before it: otherwise, tasks that more waits for could delay it for ever.
///
/// Every step takes constant time, but for the number of different demands that wait, of groups around a task, and of
/// attempts that are handed out ahead. What becomes ready out of order costs a search.
struct AdmissionControl: Sendable {
    private let capacity: Int
    private let lookahead: Int
    /// The places that are taken.
    private var taken = 0
    /// The tasks that have them, in no order, where tasks are handed out ahead.
    private(set) var placed: [Int] = []
    /// The tasks that were handed out ahead, that no worker holds and that have no place yet, in their order.
    private var ahead: [Int] = []
    /// How many others workers hold. These need no place: they get that of the attempt before them.
    private var heldCount = 0

    /// The first line is that of attempts that only need a place.
    private var lines = [ReadyLine(ReadyLine.Key())]
    private var numbers: [ReadyLine.Key: Int] = [:]
    /// The lines that may have the next attempt; the next one last.
    private var order: [Int] = []
    /// The lines that wait for resources.
    private var blocked: [Int] = []
    /// What is kept for the first of these.
    private var reserved: [ResourceAmount] = []
    /// The line that was the last to be the first of these, until one of its attempts starts.
    private var favoured: Int?
    /// Tasks that no longer want to start, but are still in a line.
    private var withdrawn: Set<Int> = []

    private var groups: [GroupLimit] = []
    private(set) var stock: ResourceStock
    /// The groups that limit their members, by their numbers in the scheduler.
    var memberLimits: [Int: MemberLimit] = [:]

    /// How many attempts of a group may run at once.
    private struct GroupLimit: Sendable {
        let limit: Int
        /// The next limited group around it.
        let outer: Int?
        var running = 0
        /// Lines that wait until this group has room.
        var parked: [Int] = []
    }

    init(_ settings: SchedulerSettings) {
        capacity = settings.concurrency > 0 ? settings.concurrency : .max
        // What is handed out ahead begins without asking, also if another failure would forbid it. Where many attempts run,
        // workers have enough to continue with.
        let isUseful = settings.maxFailures == nil && capacity / 4 <= settings.lookahead
        lookahead = isUseful ? max(0, settings.lookahead) : 0
        stock = ResourceStock(settings.resources)
    }

    /// Adds a group that limits its members.
    ///
    /// - Parameter outer: The next limited group around it.
    /// - Returns: Its number.
    mutating func addGroup(limit: Int, within outer: Int?) -> Int {
        groups.append(GroupLimit(limit: limit, outer: outer))
        return groups.count - 1
    }

    // MARK: Waiting

    /// Adds an attempt that wants to start.
    ///
    /// - Parameter group: The next limited group around its task.
    mutating func enqueue(_ attempt: ReadyAttempt, asking amounts: [ResourceAmount], within group: Int?) {
        let number = line(ReadyLine.Key(amounts: amounts, group: group))
        let wasFirst = lines[number].attempts.first
        lines[number].attempts.insert(attempt)
        guard lines[number].isPlaced else { return place(number) }
        // The line may come earlier now. One that is set aside is placed anew in any case.
        if let wasFirst, attempt < wasFirst, let index = order.firstIndex(of: number) {
            order.remove(at: index)
            place(number)
        }
    }

    /// Forgets a task that wants to start.
    mutating func withdraw(_ task: Int) {
        withdrawn.insert(task)
    }

    /// Forgets all that want to start.
    mutating func withdrawAll() {
        for number in lines.indices { lines[number].clear() }
        for group in groups.indices { groups[group].parked = [] }
        (order, blocked, withdrawn, favoured) = ([], [], [], nil)
    }

    private mutating func line(_ key: ReadyLine.Key) -> Int {
        if key.isUnlimited { return 0 }
        if let number = numbers[key] { return number }
        lines.append(ReadyLine(key))
        numbers[key] = lines.count - 1
        return lines.count - 1
    }

    /// Puts a line where its first attempt belongs.
    private mutating func place(_ number: Int) {
        guard let first = lines[number].attempts.first else {
            lines[number].isPlaced = false
            return
        }
        lines[number].isPlaced = true
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(number, first, order[middle]) { low = middle + 1 } else { high = middle }
        }
        order.insert(number, at: low)
    }

    /// Whether the first attempt of a line is before that of another line.
    private func isBefore(_ number: Int, _ first: ReadyAttempt, _ other: Int) -> Bool {
        guard let next = lines[other].attempts.first else { return true }
        if favoured == nil || first.priority != next.priority { return first < next }
        return number == favoured || other != favoured && first < next
    }

    // MARK: Starting

    /// Begins to hand out what may start now.
    mutating func beginRound() {
        reserved = []
        guard let first = blocked.first else { return }
        favour(first)
        let lines = blocked
        blocked = []
        for line in lines { place(line) }
    }

    /// Puts a line that is set aside before others of its priority.
    private mutating func favour(_ number: Int) {
        let previous = favoured
        favoured = number
        guard let previous, previous != number, let index = order.firstIndex(of: previous) else { return }
        order.remove(at: index)
        place(previous)
    }

    /// Gives a place to a task that was handed out without one.
    mutating func admitAhead() -> Int? {
        guard taken < capacity, !ahead.isEmpty else { return nil }
        let task = ahead.removeFirst()
        occupyPlace(task)
        return task
    }

    /// Takes the next task that may start.
    mutating func startNext() -> Int? {
        while taken < capacity, let number = order.popLast() {
            if skipWithdrawn(number) { continue }
            let isUnlimited = lines[number].key.isUnlimited
            if !isUnlimited, let full = fullGroup(lines[number].key.group) {
                groups[full].parked.append(number)
            } else if !isUnlimited, !stock.covers(lines[number].key.amounts, beyond: reserved) {
                if blocked.isEmpty { reserved = lines[number].key.amounts }
                blocked.append(number)
            } else {
                if !isUnlimited { occupyGroups(lines[number].key.group, by: 1) }
                let task = takeFirst(number)
                occupyPlace(task)
                return task
            }
        }
        return nil
    }

    /// The next attempt that could be handed out ahead. Nothing is handed out past one that waits for more than a place.
    var nextAhead: ReadyAttempt? {
        guard ahead.count + heldCount < lookahead, let number = order.last, lines[number].key.group == nil,
            stock.covers(lines[number].key.amounts, beyond: reserved)
        else { return nil }
        return lines[number].attempts.first
    }

    /// Takes the next task to be handed out ahead.
    mutating func startAhead() -> Int? {
        while nextAhead != nil, let number = order.popLast() {
            if skipWithdrawn(number) { continue }
            let task = takeFirst(number)
            ahead.append(task)
            return task
        }
        return nil
    }

    /// Takes the first task of a line, with what it asks for.
    private mutating func takeFirst(_ number: Int) -> Int {
        let task = lines[number].attempts.popFirst()!.task
        if !lines[number].key.amounts.isEmpty {
            stock.take(lines[number].key.amounts, for: task)
            if favoured == number { favoured = nil }
        }
        place(number)
        return task
    }

    /// - Returns: Whether the line had to be placed anew.
    private mutating func skipWithdrawn(_ number: Int) -> Bool {
        guard !withdrawn.isEmpty, let first = lines[number].attempts.first, withdrawn.remove(first.task) != nil else {
            return false
        }
        _ = lines[number].attempts.popFirst()
        place(number)
        return true
    }

    /// The group around a task, near or far, that has as many attempts as it may.
    private func fullGroup(_ group: Int?) -> Int? {
        var next = group
        while let group = next {
            if groups[group].running >= groups[group].limit { return group }
            next = groups[group].outer
        }
        return nil
    }

    private mutating func occupyGroups(_ group: Int?, by count: Int) {
        var next = group
        while let group = next {
            groups[group].running += count
            next = groups[group].outer
        }
    }

    // MARK: Begin and end

    /// A task that was handed out ahead began by itself: it has the place of the one that ended before it.
    mutating func takeOver(_ task: Int) {
        leaveAhead(task)
        occupyPlace(task)
    }

    private mutating func occupyPlace(_ task: Int) {
        taken += 1
        if lookahead > 0 { placed.append(task) }
    }

    private mutating func leavePlace(_ task: Int) {
        taken -= 1
        guard let index = placed.firstIndex(of: task) else { return }
        placed.swapAt(index, placed.count - 1)
        placed.removeLast()
    }

    /// A worker holds a task that was handed out ahead.
    mutating func noteHeld(_ task: Int) {
        leaveAhead(task)
        heldCount += 1
    }

    /// A worker gave back a task that was handed out ahead.
    mutating func noteReturned(_ task: Int) {
        leaveAhead(task)
        ahead.append(task)
    }

    private mutating func leaveAhead(_ task: Int) {
        if let index = ahead.firstIndex(of: task) { ahead.remove(at: index) } else { heldCount -= 1 }
    }

    /// Takes back what a task has that was handed out.
    ///
    /// - Parameters:
    ///   - amounts: What its attempt asked for.
    ///   - group: The next limited group around it.
    mutating func release(
        _ task: Int,
        _ admission: Admission,
        having amounts: [ResourceAmount],
        within group: Int?
    ) {
        switch admission {
        case .behindAnother:
            leaveAhead(task)
            stock.release(amounts, of: task)
        case .now:
            leavePlace(task)
            stock.release(amounts, of: task)
            occupyGroups(group, by: -1)
            unpark(group)
        }
    }

    private mutating func unpark(_ group: Int?) {
        var next = group
        while let group = next {
            let parked = groups[group].parked
            groups[group].parked = []
            for line in parked { place(line) }
            next = groups[group].outer
        }
    }
}
