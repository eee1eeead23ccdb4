extension [String] {
    /// The names of tasks, of many only the first: "a, b and 7 more tasks".
    package func listed(atMost limit: Int) -> String {
        let shown = prefix(limit).map(\.printable).joined(separator: ", ")
        switch count - limit {
        case ...0: return shown
        case 1: return "\(shown) and 1 more task"
        case let more: return "\(shown) and \(more) more tasks"
        }
    }
}
