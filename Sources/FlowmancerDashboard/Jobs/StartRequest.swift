import FlowmancerCore
import OrderedCollections

/// How a job is to be started, as the body of a request has it. A pure value.
struct StartRequest: Hashable {
    var isRestart = false
    var maxConcurrency: Int?
    var skip: [String] = []
    var runTo: String?
    var runFrom: String?
    var variables: OrderedDictionary<String, String> = [:]

    private static let keys = ["restart", "max_concurrency", "skip", "run_to", "run_from", "variables"]

    init(isRestart: Bool = false) {
        self.isRestart = isRestart
    }

    /// - Parameter json: A JSON object; empty for none of it.
    /// - Throws: ``Problem`` if it is something else, or has something that there is not.
    init(json: String) throws(Problem) {
        guard !json.allSatisfy(\.isWhitespace) else { return }
        guard case .object(let members)? = ParameterValue(json: JSONText(rawValue: json)) else {
            throw Problem(.badRequest, "the body must be a JSON object, such as {\"restart\": true}")
        }
        for (key, value) in members { try read(key, value) }
    }

    private mutating func read(_ key: String, _ value: ParameterValue) throws(Problem) {
        switch (key, value) {
        case ("restart", .bool(let flag)): isRestart = flag
        case ("max_concurrency", .int(let number)): maxConcurrency = number
        case ("skip", .array(let items)): skip = try items.map { item throws(Problem) in try Self.text(item, key) }
        case ("run_to", .string(let text)): runTo = text
        case ("run_from", .string(let text)): runFrom = text
        case ("variables", .object(let values)):
            for (name, value) in values {
                guard !name.isEmpty, !name.contains("="), !name.contains("\0") else {
                    throw Problem(.badRequest, "'\(name.printable)' cannot be the name of a variable")
                }
                variables[name] = try Self.text(value, "variables")
            }
        default:
            guard Self.keys.contains(key) else {
                let hint = key.nearest(among: Self.keys).map { "; did you mean '\($0)'?" } ?? ""
                throw Problem(.badRequest, "the body has an unknown member '\(key.printable)'\(hint)")
            }
            throw Problem(
                .badRequest,
                "the member '\(key)' of the body has a value of the wrong type: \(value.json.rawValue.prefix(80))"
            )
        }
    }

    private static func text(_ value: ParameterValue, _ key: String) throws(Problem) -> String {
        guard case .string(let text) = value, !text.contains("\0") else {
            throw Problem(
                .badRequest,
                "the member '\(key)' of the body expects texts, found \(value.json.rawValue.prefix(80))"
            )
        }
        return text
    }

    /// The options of the command line that say the same.
    var arguments: [String] {
        var arguments: [String] = []
        if isRestart { arguments.append("--restart") }
        if let maxConcurrency { arguments.append("--max-concurrency=\(maxConcurrency)") }
        arguments += skip.map { "--skip=\($0)" }
        arguments += (runTo.map { ["--run-to=\($0)"] } ?? []) + (runFrom.map { ["--run-from=\($0)"] } ?? [])
        arguments += variables.map { "--var=\($0)=\($1)" }
        return arguments
    }
}
