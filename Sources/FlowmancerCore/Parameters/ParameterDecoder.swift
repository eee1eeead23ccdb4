/// Decodes any `Decodable` type from the value of a parameter.
///
/// Scalars follow the same lax rules as parameters do; keys that the type does not ask for are errors.
enum ParameterDecoder {
    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from value: ParameterValue,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> Value? {
        do {
            return try Node(value: value, path: path, codingPath: []).decode(type)
        } catch let failure as Failure {
            issues += failure.issues.map { $0.withAdvice(for: type, at: path) }
        } catch let DecodingError.dataCorrupted(context) {
            issues.append(
                JobIssue(.rejectedValue(reason: context.debugDescription), at: path.appending(context.codingPath))
            )
        } catch {
            issues.append(JobIssue(.rejectedValue(reason: error.inWords), at: path))
        }
        return nil
    }

    fileprivate static let mapping = "a mapping"

    /// Carries issues out of `Decodable` initialisers.
    struct Failure: Error {
        var issues: [JobIssue]

        init(_ issues: [JobIssue]) {
            self.issues = issues
        }
    }

    /// One value on its way into a type.
    struct Node: Decoder {
        let value: ParameterValue
        let path: ParameterPath
        let codingPath: [any CodingKey]
        var userInfo: [CodingUserInfoKey: Any] { [:] }
        let usedKeys = UsedKeys()

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            if type is any ConvertibleParameter.Type || type is any ParameterGroup.Type {
                var issues: [JobIssue] = []
                if let result = ParameterConversion.convert(value, to: type, at: path, issues: &issues) {
                    return result
                }
                throw Failure(issues)
            }
            let result = try Value(from: self)
            try checkUnusedKeys()
            return result
        }

        func mismatch(_ expected: String) -> Failure {
            Failure([.wrongValue(value, expected: expected, at: path)])
        }

        private func checkUnusedKeys() throws {
            guard case .object(let members) = value, !usedKeys.names.isEmpty, !usedKeys.all else { return }
            let known = usedKeys.names.sorted()
            let unknown = members.keys.filter { !usedKeys.names.contains($0) }
            guard unknown.isEmpty else {
                throw Failure(unknown.map { JobIssue(.unknownKey($0, known: known), at: path.appending($0)) })
            }
        }

        func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
            guard case .object(let members) = value else { throw mismatch(ParameterDecoder.mapping) }
            return KeyedDecodingContainer(KeyedNode(node: self, members: members))
        }

        func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
            guard case .array(let values) = value else { throw mismatch("a list") }
            return UnkeyedNode(node: self, values: values)
        }

        func singleValueContainer() throws -> any SingleValueDecodingContainer {
            SingleNode(node: self)
        }
    }

    /// The keys that a type asked for while it was decoded: a reference, since containers are copied.
    final class UsedKeys {
        var names: Set<String> = []
        var all = false
    }
}

extension JobIssue {
    /// A mapping is what Swift wants for an enumeration without raw values, but not what people do.
    fileprivate func withAdvice(for type: Any.Type, at path: ParameterPath) -> JobIssue {
        guard self.path == path, case .wrongValue(expected: ParameterDecoder.mapping, _, _) = problem,
            let advice = UnsupportedParameter.adviceAgainstMapping(for: type)
        else { return self }
        let reason = "a job file has to write the enum \(type) as a mapping, because it has no raw values; "
        return JobIssue(.unsupportedType(reason + advice), at: path)
    }
}

extension ParameterPath {
    fileprivate func appending(_ codingPath: [any CodingKey]) -> ParameterPath {
        codingPath.reduce(self) { path, key in
            key.intValue.map { path.appending($0) } ?? path.appending(key.stringValue)
        }
    }
}
