@_spi(Reflection) import Swift
import Synchronization

/// Where the instances of a type have their parameters.
///
/// A mirror of an instance would tell, too, but looks every type up anew, which takes longer than a short task. So the
/// fields of a type are looked at once.
struct ParameterLayout: Sendable {
    private struct Field: Sendable {
        let propertyName: String
        let key: String
        /// Its distance from the beginning of the instance, in bytes.
        let offset: Int
        let type: any BindableParameter.Type
    }

    /// Those of superclasses first, in the order of their declaration.
    private var fields: [Field] = []
    /// The stored properties that are no parameters.
    private var unmarked: [String] = []

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
        _forEachField(of: type, options: options) { name, offset, type, _ in
            let label = String(cString: name)
            if label.hasPrefix("_"), let type = type as? any BindableParameter.Type {
                let name = String(label.dropFirst())
                fields.append(Field(propertyName: name, key: ParameterKey.snakeCase(name), offset: offset, type: type))
            } else {
                unmarked.append(label)
            }
            return true
        }
    }

    /// Returns the stored property that a key of a job file seems to mean, though it is no parameter.
    func unmarkedProperty(forKey key: String) -> String? {
        unmarked.first { $0 == key || ParameterKey.snakeCase($0) == key }
    }

    /// Returns the parameters of an instance of the type.
    func entries(of instance: some ParameterGroup) -> [ParameterBinder.Entry] {
        guard !fields.isEmpty else { return [] }
        if type(of: instance) is AnyObject.Type {
            let object = Unmanaged.passUnretained(instance as AnyObject)
            return withExtendedLifetime(instance) { entries(at: UnsafeRawPointer(object.toOpaque())) }
        }
        return withUnsafeBytes(of: instance) { bytes in bytes.baseAddress.map(entries(at:)) ?? [] }
    }

    private func entries(at start: UnsafeRawPointer) -> [ParameterBinder.Entry] {
        fields.map { field in
            ParameterBinder.Entry(
                propertyName: field.propertyName,
                key: field.key,
                parameter: field.type.load(from: start + field.offset)
            )
        }
    }
}

extension BindableParameter {
    fileprivate static func load(from place: UnsafeRawPointer) -> Self {
        place.assumingMemoryBound(to: Self.self).pointee
    }
}
