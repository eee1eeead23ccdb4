/// The tasks of which outputs are stored. Without them, every change of a state would have to look for outputs to remove.
package struct OutputHolders {
    private var names: Set<String>

    /// - Parameter names: The tasks of which outputs are stored already.
    package init(_ names: some Sequence<String>) {
        self.names = Set(names)
    }

    /// Takes note of the last state of a task.
    ///
    /// - Returns: Whether outputs of the task are to be removed.
    package mutating func note(_ task: String, hasOutputs: Bool) -> Bool {
        if hasOutputs {
            names.insert(task)
            return false
        }
        return !names.isEmpty && names.remove(task) != nil
    }
}
