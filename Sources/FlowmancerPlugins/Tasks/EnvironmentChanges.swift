package import FlowmancerCore
import OrderedCollections

/// Variables that a ``Shell`` task sets or removes for its command.
package struct EnvironmentChanges: Sendable, Hashable {
    /// The values by name; `nil` removes a variable.
    package var values: [String: String?] = [:]

    package init() {}
}

extension EnvironmentChanges: CustomParameter {
    package static var expectation: String {
        "a mapping of variables (each value: text, with numbers in quotes, or nothing to remove the variable)"
    }

    package static var typeDescription: TypeDescription { .mapping(key: .text, value: .optional(.text)) }

    package var describedValue: ParameterValue? {
        let members = values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.map(ParameterValue.string) ?? .null) }
        return .object(OrderedDictionary(uniqueKeysWithValues: members))
    }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        guard case .object(let members) = value else {
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
            return nil
        }
        let before = issues.count
        var result = Self()
        for (name, value) in members {
            let place = path.appending(name)
            if name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) || name.utf8.contains(0) {
                issues.append(
                    JobIssue(.rejectedValue(reason: "'\(name)' is not a valid name of a variable"), at: place)
                )
            }
            switch value {
            case .null:
                result.values.updateValue(nil, forKey: name)
            case .string(let text) where !text.utf8.contains(0):
                result.values[name] = text
                if let issue = ArgumentLimit.issue(with: "\(name)=\(text)", named: "the variable", at: place) {
                    issues.append(issue)
                }
            default:
                let expected = "text (a number in quotes), or nothing to remove the variable"
                issues.append(JobIssue(.wrongValue(expected: expected, found: value.description), at: place))
            }
        }
        return issues.count == before ? result : nil
    }
}
