/// What executes the tasks of a kind.
package enum TaskRuntime: Sendable, Hashable {
    /// A worker that has the types of the program.
    case swift
    /// A shim, which runs commands: the kind is a ``CommandTask``.
    case command
}
