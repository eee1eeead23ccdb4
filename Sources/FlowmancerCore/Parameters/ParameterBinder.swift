package import OrderedCollections

/// Gives the parameters of an instance the values that a job file has for them.
package enum ParameterBinder {
    /// A parameter as reflection found it on an instance.
    package struct Entry {
        /// The type that declares the property, or a subclass of it.
        let owner: any ParameterGroup.Type
        /// The property's name in Swift.
        package let propertyName: String
        /// The name's spelling in job files.
        package let key: String
        package let parameter: any BindableParameter
        /// An earlier parameter of the same name: a mistake in the types, which makes this one unusable.
        var namesake: String?

        var qualifiedName: String { "\(owner).\(propertyName)" }
    }

    /// Returns the parameters of an instance, those of its superclasses first, and those of ``Flattened`` groups where
    /// these stand.
    package static func parameters<Group: ParameterGroup>(of instance: Group) -> [Entry] {
        // What has no stored properties has no parameters.
        guard MemoryLayout<Group>.size > 0 else { return [] }
        // A class may have subclasses.
        return ParameterLayout.of(type(of: instance)).entries(of: instance)
    }

    /// An output as reflection found it on an instance.
    struct OutputEntry {
        /// The property's name in Swift.
        let propertyName: String
        /// The name by which it is published.
        let key: String
        let output: any OutputProperty
    }

    /// Returns the outputs of an instance, in the same order as parameters.
    static func outputs<Group: ParameterGroup>(of instance: Group) -> [OutputEntry] {
        guard MemoryLayout<Group>.size > 0 else { return [] }
        return ParameterLayout.of(type(of: instance)).outputs(of: instance)
    }

    /// Looks a type's parameters up beforehand.
    package static func prepare<Group: ParameterGroup>(_ type: Group.Type) {
        if MemoryLayout<Group>.size > 0 { _ = ParameterLayout.of(type) }
    }

    /// Creates an instance and binds its parameters.
    ///
    /// - Parameters:
    ///   - type: The type to make an instance of.
    ///   - members: The values by key, in either spelling.
    ///   - path: Where the values stand in the job.
    ///   - issues: Receives one entry for everything that does not fit.
    /// - Returns: The instance; it is complete only if no error was added to `issues`.
    package static func make<Group: ParameterGroup>(
        _ type: Group.Type,
        from members: OrderedDictionary<String, ParameterValue>,
        at path: @autoclosure () -> ParameterPath,
        issues: inout [JobIssue]
    ) -> Group {
        let instance = Group()
        bind(members, to: parameters(of: instance), of: Swift.type(of: instance), at: path(), issues: &issues)
        return instance
    }

    /// Binds the parameters of an instance.
    static func bind(
        _ members: OrderedDictionary<String, ParameterValue>,
        to entries: [Entry],
        of type: any ParameterGroup.Type,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) {
        var used = 0
        for entry in entries {
            if let namesake = entry.namesake {
                let problem = JobIssue.Problem.duplicateParameter(entry.key, namesake, entry.qualifiedName)
                issues.append(JobIssue(problem, at: path.appending(entry.key)))
                continue
            }
            let snake = members[entry.key]
            let camel = entry.propertyName == entry.key ? nil : members[entry.propertyName]
            switch (snake, camel) {
            case (nil, nil):
                if entry.parameter.isRequired { issues.append(JobIssue(missing(entry), at: path)) }
            case (let value?, nil):
                used += 1
                entry.parameter.bind(value, at: path.appending(entry.key), issues: &issues)
            case (nil, let value?):
                used += 1
                entry.parameter.bind(value, at: path.appending(entry.propertyName), issues: &issues)
            case (_?, _?):
                used += 2
                let problem = JobIssue.Problem.bothSpellings(entry.key, entry.propertyName)
                issues.append(JobIssue(problem, at: path.appending(entry.propertyName)))
            }
        }
        if used < members.count {
            let known = Set(entries.flatMap { [$0.key, $0.propertyName] })
            for key in members.keys where !known.contains(key) {
                issues.append(JobIssue(unknown(key, entries, of: type), at: path.appending(key)))
            }
        }
    }

    private static func missing(_ entry: Entry) -> JobIssue.Problem {
        let type = entry.parameter.valueType
        if let advice = UnsupportedParameter.advice(for: type) {
            return .unsupportedType("the parameter '\(entry.propertyName)' cannot be set: \(advice)")
        }
        return .missingKey(entry.key, expected: ParameterConversion.expectation(of: type))
    }

    private static func unknown(_ key: String, _ entries: [Entry], of type: any ParameterGroup.Type) -> JobIssue.Problem
    {
        if let property = ParameterLayout.of(type).unmarkedProperty(forKey: key) {
            return .unmarkedProperty(key, property: property, type: TypeName.bare(TypeName.qualified(type)))
        }
        return .unknownKey(key, known: entries.map(\.key))
    }
}
