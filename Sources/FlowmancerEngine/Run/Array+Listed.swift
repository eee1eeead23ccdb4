import FlowmancerCore

extension [String] {
    /// The names of tasks, of many only the first: "a, b and 7 more tasks".
    func listed(atMost limit: Int) -> String {
        let shown = prefix(limit).map(\.printable).joined(separator: ", ")
        return count > limit ? "\(shown) and \(count - limit) more tasks" : shown
    }
}
