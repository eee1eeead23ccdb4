#if Postgres
    package import FlowmancerCore

    /// How long something may take: longer than no time.
    package struct PostgresTimeout: Sendable, Hashable, CustomParameter {
        package let value: Duration

        private init(unchecked value: Duration) {
            self.value = value
        }

        static func seconds(_ count: Int) -> PostgresTimeout { PostgresTimeout(unchecked: .seconds(count)) }

        package static var expectation: String { "a duration of more than 0 seconds" }

        package static var typeDescription: TypeDescription { .duration }

        package var describedValue: ParameterValue? { ParameterValue(describing: value) }

        package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self?
        {
            // Whatever is no duration gets the same words.
            var others: [JobIssue] = []
            let limit = ParameterConversion.convert(value, to: Duration.self, at: path, issues: &others)
            if let limit, limit > .zero { return PostgresTimeout(unchecked: limit) }
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
            return nil
        }
    }

    /// A text that libpq takes as a whole: it would take what is before a NUL for all of it.
    package struct PostgresText: Sendable, Hashable, CustomParameter {
        package let value: String

        init?(_ value: String) {
            guard !value.utf8.contains(0) else { return nil }
            self.value = value
        }

        private init(unchecked value: String) {
            self.value = value
        }

        static let standardSchema = PostgresText(unchecked: "flowmancer")

        package static var expectation: String { "a text without NUL characters" }

        package static var typeDescription: TypeDescription { .text }

        package var describedValue: ParameterValue? { .string(value) }

        package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self?
        {
            guard let text = ParameterConversion.convert(value, to: String.self, at: path, issues: &issues) else {
                return nil
            }
            if let result = PostgresText(text) { return result }
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
            return nil
        }
    }
#endif
