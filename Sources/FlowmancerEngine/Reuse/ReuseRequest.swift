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
        let sorted = OrderedDictionary(uniqueKeysWithValues: parameters.sorted { $0.key < $1.key })
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
