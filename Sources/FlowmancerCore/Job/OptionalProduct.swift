/// A product of this package that a program only has if its own package asks for it, and the types that come with it.
package struct OptionalProduct: Sendable, Hashable {
    let name: String
    /// The package trait without which the product has no types.
    var trait: String?
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
        OptionalProduct(
            name: "FlowmancerPostgres",
            trait: "Postgres",
            kinds: [.checkpointer, .history],
            types: ["PostgresCheckpointer", "PostgresHistory"]
        ),
        OptionalProduct(name: "FlowmancerSlurm", kinds: [.executor], types: ["Slurm"]),
        OptionalProduct(
            name: "FlowmancerSQLite",
            kinds: [.checkpointer, .history],
            types: ["SQLiteCheckpointer", "SQLiteHistory"]
        ),
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

    /// Returns the product whose module has a name.
    static func named(_ name: String) -> OptionalProduct? { all.first { $0.name == name } }

    /// Returns the product that has a type of whatever kind.
    static func providing(_ type: String) -> OptionalProduct? {
        JobIssue.NamedKind.allCases.lazy.compactMap { providing(type, as: $0) }.first
    }

    /// Whether the program has the product, though without its types: such a product has a type `WithoutTrait`.
    var isPresent: Bool {
        trait != nil && _typeByName("\(name.utf8.count)\(name)12WithoutTraitO") != nil
    }

    /// What to do to get it: the sentence that ends an error.
    var instruction: String { "the type comes with the product \(name): \(additions)" }

    /// What to do to get the module.
    var moduleInstruction: String {
        isPresent ? traitInstruction : "this program does not have the product \(name): \(additions)"
    }

    private var additions: String {
        "in Package.swift, add .product(name: \"\(name)\", package: \"flowmancer\") "
            + "to the dependencies of this program's target"
            + (trait.map { ", add \(Self.argument($0)) to .package(…) of flowmancer" } ?? "") + ", and build it again"
    }

    /// What to do if the program has the product without the trait.
    var traitInstruction: String {
        guard let trait else { return instruction }
        return "this program has the product \(name), but without the package trait \(trait): in Package.swift, add "
            + "\(Self.argument(trait)) to .package(…) of flowmancer, and build it again (within the package flowmancer itself: "
            + "swift build --traits \(trait))"
    }

    private static func argument(_ trait: String) -> String { "traits: [\"\(trait)\"]" }
}
