/// Why a catalogue does not have the type that a job file names.
package enum TypeAbsence: Sendable, Hashable {
    /// The name is one of types of other kinds.
    case otherKind([JobIssue.NamedKind])
    /// The name is that of a generic type, some forms of which may be registered.
    case generic(String, registered: [String])
    /// The type is in an optional product, which the program has without the type, or does not have.
    case inProduct(OptionalProduct, hasProduct: Bool)
    /// The name is that of a type of other kinds, in an optional product.
    case otherKindInProduct(OptionalProduct)
    /// The type is a class that inherits its conformance, and is not registered.
    case inherited(String)
    /// The program has a type of that name, which does not conform to the protocol.
    case notConforming(String)
    /// Nothing is known of the name.
    case unheardOf(known: [String], hasOwnTypes: Bool)
}

extension TypeAbsence {
    /// Says what to do about it.
    ///
    /// - Parameters:
    ///   - kind: The kind that the job file asks for.
    ///   - name: The name that it gives.
    func advice(_ kind: JobIssue.NamedKind, _ name: String) -> String {
        switch self {
        case .otherKind(let kinds):
            let first = kinds[0]
            return "\(name) is \(first.withArticle): name it under '\(first.section)'"
        case .generic(let generic, let registered):
            let advice =
                "\(generic) is generic, and a job file can name only its registered forms: in register(in:) of this program, "
                + "add catalog.register(\(generic)<…>.self) for each form"
            return registered.isEmpty ? advice : "\(advice), or write one of: \(registered.joined(separator: ", "))"
        case .inProduct(let product, hasProduct: true):
            return product.traitInstruction
        case .inProduct(let product, hasProduct: false):
            return product.instruction
        case .otherKindInProduct(let product):
            let kinds = JobIssue.NamedKind.allCases.filter(product.kinds.contains)
            return "\(TypeAbsence.otherKind(kinds).advice(kind, name)). In addition, \(product.instruction)"
        case .inherited(let type):
            return
                "the class \(type) inherits its conformance to \(kind.protocolName), and is only found if it is registered: "
                + "in register(in:) of this program, add catalog.register(\(type).self)"
        case .notConforming(let name):
            return "this program has a type of that name, but it does not conform to \(name)"
        case .unheardOf(let known, let hasOwnTypes):
            return Self.advice(kind, name, known: known, hasOwnTypes: hasOwnTypes)
        }
    }

    private static func advice(
        _ kind: JobIssue.NamedKind,
        _ name: String,
        known: [String],
        hasOwnTypes: Bool
    ) -> String {
        // The module may be misspelled, or be another one.
        let bare = TypeName.bare(name)
        let choice = JobIssue.choice(of: bare, among: known, none: "this program has no \(kind.rawValue) types")
        guard bare.nearest(among: known) == nil else { return choice }
        guard hasOwnTypes else {
            return
                "\(choice). This program has only the types of Flowmancer: run the job with the program that has \(name)"
        }
        return "\(choice). If the type is in another module, add that to the dependencies of this program's target in "
            + "Package.swift. Generic types, and classes that inherit from \(kind.withArticle), are added in register(in:)"
    }
}

extension JobIssue.NamedKind {
    /// The kind as a noun: "a logger".
    var withArticle: String {
        switch self {
        case .executor, .extension: "an \(rawValue)"
        case .task, .logger, .checkpointer, .history: "a \(rawValue)"
        }
    }
}
