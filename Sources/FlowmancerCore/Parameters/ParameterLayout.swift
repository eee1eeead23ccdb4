@_spi(Reflection) import Swift
import Synchronization

/// Where the instances of a type have their parameters and outputs.
///
/// A mirror of an instance would tell, too, but looks every type up anew, which takes longer than a short task. So the
/// fields of a type are looked at once.
struct ParameterLayout: Sendable {
    private struct Field: Sendable {
        let propertyName: String
        let key: String
        /// Its distance from the beginning of the instance, in bytes.
        let offset: Int
        let content: Content
    }

    fileprivate enum Content: Sendable {
        case parameter(any BindableParameter.Type)
        case flattened(any FlattenedProperty.Type)
        case output(any OutputProperty.Type)
    }

    private let owner: any ParameterGroup.Type
    /// Those of superclasses first, in the order of their declaration.
    private let fields: [Field]
    /// The stored properties that are neither parameters nor outputs.
    private let unmarked: [String]
    /// Whether an instance may have outputs.
    private let mayHaveOutputs: Bool
    /// Whether an instance may have two parameters of one name.
    private let mayHaveNamesakes: Bool

    private static let known = Mutex<[ObjectIdentifier: ParameterLayout]>([:])

    /// Returns the layout of a type.
    static func of(_ type: any ParameterGroup.Type) -> ParameterLayout {
        if let layout = known.withLock({ $0[ObjectIdentifier(type)] }) { return layout }
        let layout = ParameterLayout(type)
        known.withLock { $0[ObjectIdentifier(type)] = layout }
        return layout
    }

    private init(_ type: any ParameterGroup.Type) {
        // The option that is called classType: it is a variable, for no reason.
        let options = _EachFieldOptions(rawValue: type is AnyObject.Type ? 1 : 0)
        var fields: [Field] = []
        var unmarked: [String] = []
        _forEachField(of: type, options: options) { name, offset, type, _ in
            let label = String(cString: name)
            if label.hasPrefix("_"), let content = Content(type) {
                let name = String(label.dropFirst())
                let key = ParameterKey.snakeCase(name)
                fields.append(Field(propertyName: name, key: key, offset: offset, content: content))
            } else {
                unmarked.append(label)
            }
            return true
        }
        owner = type
        self.fields = fields
        self.unmarked = unmarked
        let hasGroups = fields.contains { if case .flattened = $0.content { true } else { false } }
        let parameters = fields.filter { if case .parameter = $0.content { true } else { false } }
        mayHaveNamesakes = hasGroups || Set(parameters.map(\.key)).count < parameters.count
        mayHaveOutputs = hasGroups || fields.contains { if case .output = $0.content { true } else { false } }
    }

    /// Returns the stored property that a key of a job file seems to mean, though it is no parameter.
    func unmarkedProperty(forKey key: String) -> String? {
        unmarked.first { $0 == key || ParameterKey.snakeCase($0) == key }
    }

    /// Returns the parameters of an instance of the type, with those of flattened groups in the place of these.
    ///
    /// - Parameter outer: The types that the group is flattened into.
    func entries(
        of instance: some ParameterGroup,
        within outer: [any ParameterGroup.Type] = []
    ) -> [ParameterBinder.Entry] {
        guard !fields.isEmpty else { return [] }
        return Self.withFields(of: instance) { entries(at: $0, within: outer) } ?? []
    }

    /// Returns the outputs of an instance of the type, in the order of their declaration.
    func outputs(
        of instance: some ParameterGroup,
        within outer: [any ParameterGroup.Type] = []
    ) -> [ParameterBinder.OutputEntry] {
        guard mayHaveOutputs else { return [] }
        return Self.withFields(of: instance) { outputs(at: $0, within: outer) } ?? []
    }

    private static func withFields<Result>(
        of instance: some ParameterGroup,
        _ body: (UnsafeRawPointer) -> Result
    ) -> Result? {
        if type(of: instance) is AnyObject.Type {
            let object = Unmanaged.passUnretained(instance as AnyObject)
            return withExtendedLifetime(instance) { body(UnsafeRawPointer(object.toOpaque())) }
        }
        return withUnsafeBytes(of: instance) { bytes in bytes.baseAddress.map(body) }
    }

    private func outputs(
        at start: UnsafeRawPointer,
        within outer: [any ParameterGroup.Type]
    ) -> [ParameterBinder.OutputEntry] {
        fields.flatMap { field -> [ParameterBinder.OutputEntry] in
            switch field.content {
            case .parameter:
                return []
            case .output(let type):
                let output = type.load(from: start + field.offset)
                return [.init(propertyName: field.propertyName, key: field.key, output: output)]
            case .flattened(let type):
                guard !outer.contains(where: { $0 == owner }) else { return [] }
                return Self.outputs(ofGroup: type.load(from: start + field.offset).group, within: outer + [owner])
            }
        }
    }

    private static func outputs(
        ofGroup group: some ParameterGroup,
        within outer: [any ParameterGroup.Type]
    ) -> [ParameterBinder.OutputEntry] {
        of(type(of: group)).outputs(of: group, within: outer)
    }

    private func entries(
        at start: UnsafeRawPointer,
        within outer: [any ParameterGroup.Type]
    ) -> [ParameterBinder.Entry] {
        var entries: [ParameterBinder.Entry] = []
        entries.reserveCapacity(fields.count)
        for field in fields {
            switch field.content {
            case .parameter(let type):
                entries.append(
                    ParameterBinder.Entry(
                        owner: owner,
                        propertyName: field.propertyName,
                        key: field.key,
                        parameter: type.load(from: start + field.offset)
                    )
                )
            case .flattened(let type):
                // A class that contains itself has every name twice already, which is reported.
                guard !outer.contains(where: { $0 == owner }) else { continue }
                entries += Self.entries(ofGroup: type.load(from: start + field.offset).group, within: outer + [owner])
            case .output:
                break
            }
        }
        if mayHaveNamesakes { Self.markNamesakes(among: &entries) }
        return entries
    }

    private static func entries(
        ofGroup group: some ParameterGroup,
        within outer: [any ParameterGroup.Type]
    ) -> [ParameterBinder.Entry] {
        of(type(of: group)).entries(of: group, within: outer)
    }

    /// Marks every parameter whose name an earlier one has.
    private static func markNamesakes(among entries: inout [ParameterBinder.Entry]) {
        var owners: [String: String] = [:]
        for index in entries.indices {
            let entry = entries[index]
            if let namesake = owners[entry.key] ?? owners[entry.propertyName] {
                entries[index].namesake = namesake
            } else {
                owners[entry.key] = entry.qualifiedName
                owners[entry.propertyName] = entry.qualifiedName
            }
        }
    }
}

extension ParameterLayout.Content {
    fileprivate init?(_ type: Any.Type) {
        if let type = type as? any BindableParameter.Type {
            self = .parameter(type)
        } else if let type = type as? any FlattenedProperty.Type {
            self = .flattened(type)
        } else if let type = type as? any OutputProperty.Type {
            self = .output(type)
        } else {
            return nil
        }
    }
}

extension FlattenedProperty {
    fileprivate static func load(from place: UnsafeRawPointer) -> Self {
        place.assumingMemoryBound(to: Self.self).pointee
    }
}

extension BindableParameter {
    fileprivate static func load(from place: UnsafeRawPointer) -> Self {
        place.assumingMemoryBound(to: Self.self).pointee
    }
}

extension OutputProperty {
    fileprivate static func load(from place: UnsafeRawPointer) -> Self {
        place.assumingMemoryBound(to: Self.self).pointee
    }
}
