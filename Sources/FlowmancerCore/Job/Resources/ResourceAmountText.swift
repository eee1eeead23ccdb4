/// Amounts of resources as job files have them: a number, or a size such as `2G`.
package enum ResourceAmountText {
    /// What an amount is, as errors say it.
    static let expectation = "a whole number of at least 1, or a size such as 512M or 2G"

    /// The letters of sizes, the smallest first. Each is 1024 times the one before.
    private static let units = ["K", "M", "G", "T"]

    /// Reads an amount; `nil` if it is none, or less than 1.
    package static func amount(_ value: ParameterValue) -> Int? {
        if let number = Int(scalar: value) { return number >= 1 ? number : nil }
        guard case .string(let text) = value else { return nil }
        return size(text)
    }

    /// Reads a size: a number with `K`, `M`, `G` or `T`, which may be followed by `B` or `iB`.
    private static func size(_ text: String) -> Int? {
        var text = text.uppercased()
        for suffix in ["IB", "B"] where text.hasSuffix(suffix) {
            text.removeLast(suffix.utf8.count)
            break
        }
        guard let letter = text.popLast(), let step = units.firstIndex(of: String(letter)),
            let number = Double(scalar: .string(text)), number.isFinite
        else { return nil }
        // A part of a byte is none.
        guard let amount = Int(exactly: number * Double(factor(step))), amount >= 1 else { return nil }
        return amount
    }

    private static func factor(_ step: Int) -> Int { 1 << (10 * (step + 1)) }

    /// Returns how a job file would have an amount.
    package static func written(_ amount: Int) -> ParameterValue {
        // What is less than a mebibyte is more likely to be a count.
        for step in units.indices.dropFirst().reversed() where amount > 0 && amount.isMultiple(of: factor(step)) {
            return .string("\(amount / factor(step))\(units[step])")
        }
        return .int(amount)
    }

    /// An amount for people, of memory in its largest unit, with one digit behind the point.
    package static func text(_ amount: Int, of resource: String) -> String {
        if case .string(let text) = written(amount) { return text }
        guard resource == HostResources.memoryName, let step = units.indices.last(where: { amount >= factor($0) })
        else {
            return "\(amount)"
        }
        let tenths = Int(Double(amount) * 10 / Double(factor(step)))
        return tenths.isMultiple(of: 10)
            ? "\(tenths / 10)\(units[step])" : "\(tenths / 10).\(tenths % 10)\(units[step])"
    }
}
