/// A product of this package that a program only has if its own package asks for it, and the types that come with it.
struct OptionalProduct: Sendable {
    let name: String
    /// Which sections of a job its types are for.
    let kinds: Set<JobIssue.NamedKind>
    let types: Set<String>

    private static let all = [
        OptionalProduct(
            name: "FlowmancerNotifications",
            kinds: [.extension, .logger],
            types: [
                "EmailNotification", "PushoverNotification", "SlackWebhookNotification", "WebhookNotification",
            ]
        ),
        OptionalProduct(name: "FlowmancerPostgres", kinds: [.checkpointer], types: ["PostgresCheckpointer"]),
        OptionalProduct(name: "FlowmancerSQLite", kinds: [.checkpointer], types: ["SQLiteCheckpointer"]),
        OptionalProduct(
            name: "FlowmancerTelemetry",
            kinds: [.extension],
            types: ["MetricsExtension", "TracingExtension"]
        ),
    ]

    /// Returns the product that has a type, by the name that a job file gives.
    static func providing(_ type: String, as kind: JobIssue.NamedKind) -> OptionalProduct? {
        all.first { $0.kinds.contains(kind) && ($0.types.contains(type) || type.hasPrefix("\($0.name).")) }
    }

    /// What to do to get it: the sentence that ends an error.
    var instruction: String {
        "the type comes with the product \(name): in Package.swift, add .product(name: \"\(name)\", package: \"flowmancer\") "
            + "to the dependencies of this program's target, and build it again"
    }
}
