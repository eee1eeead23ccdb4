extension Resource {
    /// The resource in a few words: "db 2", "licence 2 (a, b)".
    var words: String {
        let amount = "\(name) \(ResourceAmountText.text(amount, of: name))".printable
        guard !units.isEmpty else { return amount }
        let shown = units.prefix(8).joined(separator: ", ") + (units.count > 8 ? ", …" : "")
        return "\(amount) (\(shown))".printable
    }
}

extension TaskDefinition {
    /// What attempts ask for: "resources: db 1, memory 2G then 4G"; empty if they ask for nothing.
    var wordsOfResources: String {
        guard !resources.isEmpty else { return "" }
        let requests = resources.map { name, request in
            if let open = request.open { return "\(name) \(open.scalarText ?? open.description)" }
            let amounts = request.amounts.map { ResourceAmountText.text($0, of: name) }
            return "\(name) \(amounts.joined(separator: " then "))"
        }
        return "resources: \(requests.joined(separator: ", "))".printable
    }
}
