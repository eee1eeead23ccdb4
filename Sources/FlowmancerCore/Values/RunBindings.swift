package import OrderedCollections

/// What the variables of a task had for values when it was prepared, without those of its item.
package struct RunBindings: Sendable, Hashable {
    /// The values by variables without defaults; `nil` for one that had no value.
    private var values: OrderedDictionary<ExpressionReference, ParameterValue?> = [:]

    package init() {}

    package var isEmpty: Bool { values.isEmpty }

    /// Looks up what a variable stands for.
    ///
    /// - Parameter otherwise: Returns what is known of a variable that is not among them.
    package func lookup(
        _ reference: ExpressionReference,
        otherwise: (ExpressionReference) -> ExpressionLookup = { _ in .unknown }
    ) -> ExpressionLookup {
        switch values[reference.bare] {
        case nil: otherwise(reference)
        case .some(nil): .missing()
        case .some(let value?): .value(value)
        }
    }

    /// Takes note of what a variable stands for. What cannot be read or is not known is left out.
    package mutating func bind(_ reference: ExpressionReference, to lookup: ExpressionLookup) {
        switch lookup {
        case .value(let value): values[reference.bare] = .some(value)
        case .missing: values[reference.bare] = .some(nil)
        case .unknown, .unreadable: break
        }
    }
}

// MARK: Records

extension RunBindings {
    /// The names of the members of a record.
    private static let valuesKey = "values"
    private static let unsetKey = "unset"

    /// Adds the bindings to what is stored of a preparation.
    func add(to record: inout PreparationRecord) {
        var members: OrderedDictionary<String, ParameterValue> = [:]
        var unset: [ParameterValue] = []
        for (reference, value) in values {
            let name = Self.name(of: reference)
            if let value { members[name] = value } else { unset.append(.string(name)) }
        }
        record.members[Self.valuesKey] = .object(members)
        if !unset.isEmpty { record.members[Self.unsetKey] = .array(unset) }
    }

    /// Reads what was stored of the variables of a task.
    ///
    /// - Returns: `nil` unless all of them are there.
    init?(_ record: PreparationRecord, of references: some Sequence<ExpressionReference>) {
        guard case .object(let members)? = record.members[Self.valuesKey] else { return nil }
        var unset: [ParameterValue] = []
        if case .array(let names)? = record.members[Self.unsetKey] { unset = names }
        for reference in references {
            let name = Self.name(of: reference)
            if let value = members[name] {
                values[reference.bare] = .some(value)
            } else if unset.contains(.string(name)) {
                values[reference.bare] = .some(nil)
            } else {
                return nil
            }
        }
    }

    /// The name of a variable in records.
    private static func name(of reference: ExpressionReference) -> String {
        reference.level == 0 ? reference.label : "\(reference.level):\(reference.label)"
    }
}

/// What is stored of a preparation: one JSON object, in which every step of it has members of its own.
package struct PreparationRecord: Sendable, Hashable {
    package var members: OrderedDictionary<String, ParameterValue> = [:]

    package init() {}

    /// - Returns: `nil` for what is no record.
    package init?(_ json: JSONText) {
        guard case .object(let members)? = ParameterValue(json: json) else { return nil }
        self.members = members
    }

    package var json: JSONText { ParameterValue.object(members).json }

    /// What a step says that failed the task.
    static let failed = ParameterValue.string("fail")

    /// The steps that may fail a task before its first attempt.
    enum Step: String {
        case condition = "when"
        case values
    }

    /// The step that failed the task; `nil` if none did.
    var failure: Step? {
        [.condition, .values].first { (step: Step) in members[step.rawValue] == Self.failed }
    }
}
