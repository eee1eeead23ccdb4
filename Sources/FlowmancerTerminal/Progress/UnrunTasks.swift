/// Tasks that did not run, all for the same reason.
package struct UnrunTasks: Sendable, Hashable {
    /// Why they did not run.
    package enum Reason: Sendable, Hashable {
        /// A task that they depend on failed.
        case failed(String)
        /// A task that they depend on was aborted, the run was not.
        case aborted(String)
        /// The run was aborted before they started.
        case runAborted
        /// What the event said.
        case said(String)
        /// A dependency did not succeed, but which one is not known.
        case unknown
    }

    /// How many are named if there are more than one further.
    private static let namedTasks = 3

    package let reason: Reason
    /// The first of them.
    private var names: [String] = []
    private var count = 0

    package init(reason: Reason) {
        self.reason = reason
    }

    package mutating func add(_ task: String) {
        count += 1
        if names.count <= Self.namedTasks { names.append(task) }
    }

    /// Their names, of many only the first: "a, b, c and 7 more".
    package var list: String {
        // One more takes no more room than to say so.
        let named = count == Self.namedTasks + 1 ? count : min(count, Self.namedTasks)
        let text = names.prefix(named).map(\.printable).joined(separator: ", ")
        return count == named ? text : "\(text) and \(ProgressRenderer.grouped(count - named)) more"
    }
}
