package import OrderedCollections

extension GroupDescription {
    /// Checks the values of a job file for the parameters, as ``ParameterBinder`` does for a type that the group describes.
    ///
    /// Both find the same issues at the same places, except where only a type knows what is wrong:
    /// - A type of ``TypeDescription/custom(typeName:)``, such as one that is only `Decodable`, takes any value here.
    /// - ``TypeDescription/worded(_:expectation:)`` has the form of a type with a conversion of its own. What that demands
    ///   beyond the form is not checked: that a command, an environment or a URL makes sense, that a list or a text is not
    ///   empty, that a duration is more than zero.
    /// - A type with raw values may refuse some that its description allows, or allow some that are not among its cases.
    /// - A parameter whose type no job file can hold is missing here like any other.
    /// - Of two parameters with one name, both are said to be of the group, though one may be of a flattened group within.
    /// - A key that is a property without `@Parameter` is just an unknown key here.
    ///
    /// - Parameter issues: Receives one entry for everything that does not fit.
    package func check(
        _ members: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) {
        var check = DescriptionCheck(within: [])
        check.check(members, of: self, at: path)
        issues += check.issues
    }
}

/// Checks values by descriptions.
private struct DescriptionCheck {
    private(set) var issues: [JobIssue] = []
    /// The groups around the value in hand, from the outermost one.
    private var outer: [GroupDescription]

    init(within outer: [GroupDescription]) {
        self.outer = outer
    }

    mutating func check(
        _ members: OrderedDictionary<String, ParameterValue>,
        of group: GroupDescription,
        at path: ParameterPath
    ) {
        outer.append(group)
        defer { outer.removeLast() }
        var used = 0
        for (position, parameter) in group.parameters.enumerated() {
            if let namesake = group.namesakes[position] {
                let problem = group.duplicate(of: namesake, position)
                issues.append(JobIssue(problem, at: path.appending(parameter.key)))
                continue
            }
            let snake = members[parameter.key]
            let camel = parameter.propertyName == parameter.key ? nil : members[parameter.propertyName]
            switch (snake, camel) {
            case (nil, nil):
                guard parameter.isRequired else { continue }
                let problem = JobIssue.Problem.missingKey(parameter.key, expected: parameter.type.expectation)
                issues.append(JobIssue(problem, at: path))
            case (let value?, nil):
                used += 1
                check(value, of: parameter, at: path.appending(parameter.key))
            case (nil, let value?):
                used += 1
                check(value, of: parameter, at: path.appending(parameter.propertyName))
            case (_?, _?):
                used += 2
                let problem = JobIssue.Problem.bothSpellings(parameter.key, parameter.propertyName)
                issues.append(JobIssue(problem, at: path.appending(parameter.propertyName)))
            }
        }
        guard used < members.count else { return }
        for key in members.keys where group.parameter(spelled: key) == nil {
            let problem = JobIssue.Problem.unknownKey(key, known: group.parameters.map(\.key))
            issues.append(JobIssue(problem, at: path.appending(key)))
        }
    }

    private mutating func check(_ value: ParameterValue, of parameter: ParameterDescription, at path: ParameterPath) {
        let before = issues.count
        check(value, as: parameter.type, at: path)
        if parameter.isSecret { for index in before..<issues.count { issues[index].hideValue() } }
    }

    private mutating func check(_ value: ParameterValue, as type: TypeDescription, at path: ParameterPath) {
        let before = issues.count
        checkUnhidden(value, as: type, at: path)
        // What stands in the place of a group with secrets is no secret parameter, but may be a secret all the same.
        guard issues.count > before, type.holdsSecrets(within: outer) else { return }
        for index in before..<issues.count where issues[index].path == path { issues[index].hideValue() }
    }

    private mutating func checkUnhidden(_ value: ParameterValue, as type: TypeDescription, at path: ParameterPath) {
        // What a template stands for is checked when that is known.
        if case .template = value { return }
        switch (type, value) {
        case (.any, _), (.custom, _), (.optional, .null):
            break
        case (.optional(let wrapped), _):
            check(value, as: wrapped, at: path)
        case (.list(let element, _), .array(let items)):
            for (index, item) in items.enumerated() { check(item, as: element, at: path.appending(index)) }
        case (.mapping(let key, let element), .object(let members)):
            for (name, member) in members {
                check(.string(name), as: key, at: path.appending(name))
                check(member, as: element, at: path.appending(name))
            }
        case (.group(let group), .object(let members)):
            check(members, of: group, at: path)
        case (.enclosingGroup(let name), .object(let members)):
            guard let index = outer.lastIndex(where: { $0.typeName == name }) else { break }
            var inner = DescriptionCheck(within: Array(outer[..<index]))
            inner.check(members, of: outer[index], at: path)
            issues += inner.issues
        case (.worded(let inner, _), _):
            checkWorded(value, as: type, inner, at: path)
        case (.either(let types), _):
            checkEither(value, as: type, types, at: path)
        default:
            guard !type.fits(value) else { break }
            report(value, type, at: path)
        }
    }

    /// Says in the words of a type what is wrong with a value as a whole, and in those of its parts what is wrong with them.
    private mutating func checkWorded(
        _ value: ParameterValue,
        as type: TypeDescription,
        _ inner: TypeDescription,
        at path: ParameterPath
    ) {
        var check = DescriptionCheck(within: outer)
        check.check(value, as: inner, at: path)
        if check.issues.contains(where: { $0.path == path }) {
            report(value, type, at: path)
        } else {
            issues += check.issues
        }
    }

    private mutating func checkEither(
        _ value: ParameterValue,
        as type: TypeDescription,
        _ types: [TypeDescription],
        at path: ParameterPath
    ) {
        var nearest: [JobIssue]?
        for type in types {
            var check = DescriptionCheck(within: outer)
            check.check(value, as: type, at: path)
            if check.issues.isEmpty { return }
            // Only a part of it does not have this form.
            if nearest == nil, !check.issues.contains(where: { $0.path == path }) { nearest = check.issues }
        }
        if let nearest { issues += nearest } else { report(value, type, at: path) }
    }

    private mutating func report(_ value: ParameterValue, _ type: TypeDescription, at path: ParameterPath) {
        issues.append(.wrongValue(value, expected: type.expectation, at: path, candidates: type.candidates))
    }
}

extension GroupDescription {
    fileprivate func duplicate(of first: Int, _ second: Int) -> JobIssue.Problem {
        func name(_ position: Int) -> String { "\(TypeName.bare(typeName)).\(parameters[position].propertyName)" }
        return .duplicateParameter(parameters[second].key, name(first), name(second))
    }
}

extension TypeDescription {
    /// Whether a value without parts has the form.
    fileprivate func fits(_ value: ParameterValue) -> Bool {
        switch self {
        case .integer(let minimum, let maximum):
            // Unsigned integers reach further than `Int`.
            if let number = Int(scalar: value) {
                number >= minimum ?? .min && number <= maximum ?? .max
            } else {
                minimum == 0 && maximum == nil && UInt(scalar: value) != nil
            }
        case .word(let word):
            if case .string(let text) = value { text.lowercased() == word.lowercased() } else { false }
        case .choice(let choices):
            choices.contains { choice in
                switch choice {
                case .int(let number): Int(scalar: value) == number
                case .double(let number): Double(scalar: value) == number
                case .bool(let flag): Bool(scalar: value) == flag
                default: value == choice
                }
            }
        default:
            scalarType?.accepts(value) ?? false
        }
    }

    /// The texts that a value can be, if they can be counted.
    var candidates: [String] {
        switch self {
        case .choice(let values): values.compactMap(\.scalarText)
        case .either(let types): types.allSatisfy { !$0.candidates.isEmpty } ? types.flatMap(\.candidates) : []
        case .word(let word): [word]
        case .worded(let inner, _): inner.candidates
        default: []
        }
    }
}

extension ConvertibleParameter {
    fileprivate static func accepts(_ value: ParameterValue) -> Bool {
        var issues: [JobIssue] = []
        return convert(value, at: ParameterPath(), issues: &issues) != nil
    }
}
