package import FlowmancerCore
import FoundationEssentials

/// The conditions of a query that a database can check, in SQL. They let all pass that the query asks for, and perhaps more:
/// how a run without an end stands only its process shows.
package struct RunConditions: Sendable, Hashable {
    /// How a database spells them.
    package struct Dialect: Sendable {
        /// The placeholder of an argument, by its number from 1.
        package let placeholder: @Sendable (Int) -> String
        /// That a job has the name of an argument.
        package let job: @Sendable (String) -> String
        /// That the id contains an argument.
        package let idPart: @Sendable (String) -> String

        package init(
            placeholder: @escaping @Sendable (Int) -> String,
            job: @escaping @Sendable (String) -> String,
            idPart: @escaping @Sendable (String) -> String
        ) {
            self.placeholder = placeholder
            self.job = job
            self.idPart = idPart
        }
    }

    /// The clause, which begins with `WHERE`; empty if there is no condition.
    package let clause: String
    /// The arguments in their order.
    package let arguments: [String]

    package init(_ query: RunQuery, _ dialect: Dialect) {
        var (conditions, arguments): ([String], [String]) = ([], [])
        func argument(_ text: String) -> String {
            arguments.append(text)
            return dialect.placeholder(arguments.count)
        }
        if let job = query.job { conditions.append(dialect.job(argument(DatabaseText.encode(job)))) }
        if let before = query.before { conditions.append("id < \(argument(before.description))") }
        if let part = query.idPart { conditions.append(dialect.idPart(argument(DatabaseText.encode(part)))) }
        // A microsecond of tolerance: what is compared in the end is a time that was rounded.
        if let since = query.since.flatMap(Self.microseconds) {
            conditions.append("started_at >= \(argument(String(since - 1)))")
        }
        if let until = query.until.flatMap(Self.microseconds) {
            conditions.append("started_at <= \(argument(String(until + 1)))")
        }
        if let states = query.states {
            let open: Set<RunState> = [.underWay, .interrupted, .unknown]
            var choices = states.map(\.rawValue).sorted().map { "state = \(argument(DatabaseText.encode($0)))" }
            if !states.isDisjoint(with: open) { choices.append("state IS NULL") }
            conditions.append(choices.isEmpty ? "1 = 0" : "(\(choices.joined(separator: " OR ")))")
        }
        clause = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        self.arguments = arguments
    }

    /// - Returns: `nil` for a time that no run can have.
    private static func microseconds(_ time: Date) -> Int? {
        let microseconds = time.timeIntervalSince1970 * 1_000_000
        return microseconds.magnitude < 9e18 ? Int(microseconds.rounded()) : nil
    }
}
