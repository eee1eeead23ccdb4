package import FlowmancerCore
package import OrderedCollections

/// What is to be known of a task before it is looked up.
package struct ReuseRequest: Sendable {
    /// The number of the task in the run.
    package var task: Int
    /// Its full name.
    package var name: String
    /// The qualified name of its type.
    package var type: String
    /// Its parameters, as they are in this run.
    package var parameters: OrderedDictionary<String, ParameterValue>
    /// What the job says about its reuse, without variables.
    package var reuse: Reuse
    /// Whether it runs in any case.
    package var isForced: Bool

    /// The parameters in one unambiguous form.
    var parameterBytes: [UInt8] {
        let sorted = OrderedDictionary(
            uniqueKeysWithValues: parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value.withoutTemplates) }
        )
        return Array(ParameterValue.object(sorted).json.rawValue.utf8)
    }

    var versionBytes: [UInt8] { reuse.version.map { Array($0.json.rawValue.utf8) } ?? [] }
    var inputs: [PathPattern] { Reuse.knownPaths(in: reuse.inputs).map { PathPattern($0) } }
    var products: [PathPattern] { Reuse.knownPaths(in: reuse.produces).map { PathPattern($0) } }
}

/// What a look-up found.
enum ReuseAnswer: Sendable {
    /// The task need not run; it published this.
    case upToDate(outputs: JSONText?)
    /// It runs.
    case run(ReuseRefusal, ReuseObservation?)
}

/// What was seen of a task before it began, from which its record is made when it has completed.
struct ReuseObservation: Sendable {
    let request: ReuseRequest
    let subject: ReuseSubject
    let inputs: FileSurvey
    /// The number under which the beginning is recorded.
    let beginning: UInt64
}

extension ParameterValue {
    /// The value with the parts of a text in the place of the text, where it has variables: what they stand for counts.
    fileprivate var withoutTemplates: ParameterValue {
        switch self {
        case .template(let template):
            .array(
                template.pieces.map { piece in
                    switch piece {
                    case .text(let text): .string(text)
                    case .reference(let reference): .array([.string(reference.description)])
                    case .value(let reference, let value): .array([.string(reference.description), value])
                    }
                }
            )
        case .array(let items): .array(items.map(\.withoutTemplates))
        case .object(let members): .object(members.mapValues(\.withoutTemplates))
        case .null, .bool, .int, .double, .string: self
        }
    }
}
