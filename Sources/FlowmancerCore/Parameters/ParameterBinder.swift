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
        bind(members, to: parameters(of: instance), at: path(), issues: &issues)
        return instance
    }

    /// Binds the parameters of an instance.
    static func bind(
        _ members: OrderedDictionary<String, ParameterValue>,
        to entries: [Entry],
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
                if entry.parameter.isRequired {
                    let expected = ParameterConversion.expectation(of: entry.parameter.valueType)
                    issues.append(JobIssue(.missingKey(entry.key, expected: expected), at: path))
                }
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
                issues.append(JobIssue(.unknownKey(key, known: entries.map(\.key)), at: path.appending(key)))
            }
        }
    }
}
