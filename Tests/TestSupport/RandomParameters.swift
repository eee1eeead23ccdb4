package import FlowmancerCore
package import OrderedCollections

/// Makes values for parameters: many that fit their description, and some that do not.
package struct RandomParameters {
    package var generator: SeededGenerator

    package init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    private static let texts = [
        "", " ", "a", "true", "no", "1", " 7 ", "007", "1e2", "0x1F", "1_000", "-3", "2.5", "inf", "90s", "1h30m",
        "none",
        "fast", "HTTP", "https", "2024-12-31", "2024-12-31T23:59:59Z", "https://example.org/a", "nul\u{0}", "a=b", "é",
        "18446744073709551615", "warning", "ERROR", "b c", "first", "second", "null", "{{title}}", "{{nothing}}",
    ]

    package mutating func members(of group: GroupDescription, depth: Int = 0) -> OrderedDictionary<
        String, ParameterValue
    > {
        var members: OrderedDictionary<String, ParameterValue> = [:]
        for parameter in group.parameters where generator.chance(parameter.isRequired ? 90 : 60) {
            let isCamel = generator.chance(20)
            members[isCamel ? parameter.propertyName : parameter.key] = value(of: parameter.type, depth: depth + 1)
            // Now and then in both spellings.
            if generator.chance(3) { members[parameter.key] = anything(depth: depth + 1) }
        }
        if generator.chance(8) { members["unknown"] = anything(depth: depth + 1) }
        return members
    }

    package mutating func value(of type: TypeDescription, depth: Int = 0) -> ParameterValue {
        guard generator.chance(85), depth < 8 else { return anything(depth: depth) }
        switch type {
        case .text, .url, .date, .word: return .string(text())
        case .boolean: return generator.chance(50) ? .bool(generator.chance(50)) : anything(depth: 9)
        case .integer, .number, .duration: return number()
        case .choice(let values): return values.randomElement(using: &generator) ?? .null
        case .list(let element, _):
            return .array(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in value(of: element, depth: depth + 1) }
            )
        case .mapping(let key, let element):
            var members: OrderedDictionary<String, ParameterValue> = [:]
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let name = value(of: key, depth: 7).scalarText ?? "key"
                members[name] = value(of: element, depth: depth + 1)
            }
            return .object(members)
        case .optional(let wrapped): return generator.chance(20) ? .null : value(of: wrapped, depth: depth)
        case .either(let types):
            return types.randomElement(using: &generator).map { value(of: $0, depth: depth) } ?? .null
        case .group(let group): return .object(members(of: group, depth: depth))
        case .worded(let inner, _): return value(of: inner, depth: depth)
        case .enclosingGroup, .any, .custom: return anything(depth: depth)
        }
    }

    private mutating func text() -> String { Self.texts.randomElement(using: &generator) ?? "" }

    private mutating func number() -> ParameterValue {
        let integers: [Int] = [0, 1, 2, 7, -1, 255, 256, 65_536, .max, .min]
        let numbers = [0.5, 2.0, -0.0, 1e19, 1e300, .infinity, .nan, 255.0]
        return generator.chance(60)
            ? .int(integers.randomElement(using: &generator) ?? 0)
            : .double(numbers.randomElement(using: &generator) ?? 0)
    }

    private mutating func anything(depth: Int) -> ParameterValue {
        switch Int.random(in: 0..<(depth > 6 ? 5 : 7), using: &generator) {
        case 0: return .null
        case 1: return .bool(generator.chance(50))
        case 2: return number()
        case 3, 4: return .string(text())
        case 5: return .array((0..<Int.random(in: 0...2, using: &generator)).map { _ in anything(depth: depth + 2) })
        default: return .object([text(): anything(depth: depth + 2), "children": anything(depth: depth + 2)])
        }
    }
}
