/// Actions that were decided on, in their order. What is decided on while one is performed comes behind the others.
final class ActionQueue<Action> {
    /// What is still to be performed.
    var pending: [Action] = []
    private var isPerforming = false

    /// Performs all actions. Within an action, nothing happens: those that were added follow it.
    ///
    /// - Parameter condition: Whether to go on.
    func performAll(while condition: () -> Bool, _ perform: (Action) -> Void) {
        guard !isPerforming else { return }
        isPerforming = true
        var next = 0
        while next < pending.count, condition() {
            perform(pending[next])
            next += 1
        }
        pending.removeAll(keepingCapacity: true)
        isPerforming = false
    }
}
