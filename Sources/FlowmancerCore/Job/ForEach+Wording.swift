extension ForEach {
    /// How many items there are; `nil` if that is known in the run only, or if they are none.
    package var knownCount: Int? { Self.count(of: items) }

    /// The items in words that follow on "for each of": "20 items", "$OUT{list.regions}".
    package var itemsInWords: String {
        if let count = knownCount { return count == 1 ? "1 item" : "\(count) items" }
        switch items {
        case .template(let template): return template.writtenText
        case .object(let lists): return "all combinations of \(lists.keys.joined(separator: ", "))"
        case .null, .bool, .int, .double, .string, .array: return "its items"
        }
    }

    private static func count(of items: ParameterValue) -> Int? {
        switch items {
        case .array(let list): return list.count
        case .object(let lists):
            var product = 1
            for list in lists.values {
                guard case .array(let values) = list else { return nil }
                let (next, overflow) = product.multipliedReportingOverflow(by: values.count)
                guard !overflow else { return nil }
                product = next
            }
            return product
        case .string(let text):
            // JSON in JSON would be text again.
            switch ParameterValue(json: JSONText(rawValue: text)) {
            case .array(let list)?: return list.count
            case .object(let lists)?: return count(of: .object(lists))
            default: return nil
            }
        case .null, .bool, .int, .double, .template: return nil
        }
    }
}
