@_spi(Reflection) import Swift

/// What the runtime's description of a type says.
///
/// Its layout is the one that compiled code itself relies on.
struct TypeMetadata {
    private let address: UnsafeRawPointer

    init(_ type: Any.Type) {
        address = unsafeBitCast(type, to: UnsafeRawPointer.self)
    }

    var kind: _MetadataKind {
        let word = address.load(as: UInt.self)
        // In the place of a kind, classes may have a pointer.
        return word > 0x7ff ? .class : _MetadataKind(rawValue: word) ?? .unknown
    }

    var isEnumeration: Bool { kind == .enum }

    /// How many cases the type has if it is an enumeration without associated values; `nil` for any other type.
    var simpleCaseCount: Int? {
        guard isEnumeration, witnessFlags & 0x20_0000 != 0 else { return nil }
        let descriptor = address.load(fromByteOffset: 8, as: UnsafeRawPointer.self)
        let describesCases = descriptor.load(as: UInt32.self) & 0x1f == 18
        let associated = descriptor.load(fromByteOffset: 20, as: UInt32.self) & 0xff_ffff
        guard describesCases, associated == 0 else { return nil }
        return Int(descriptor.load(fromByteOffset: 24, as: UInt32.self))
    }

    /// Returns a case of an enumeration without associated values.
    ///
    /// The value witness of the type makes it, so nothing is assumed about how cases are stored.
    ///
    /// - Parameter number: The case's position in the declaration, less than ``simpleCaseCount``.
    func simpleCase<Value>(_ number: Int, as type: Value.Type) -> Value {
        typealias InjectTag = @convention(c) (UnsafeMutableRawPointer, UInt32, UnsafeRawPointer) -> Void
        let injectTag = witnesses.load(fromByteOffset: 13 * 8, as: InjectTag.self)
        return withUnsafeTemporaryAllocation(byteCount: max(1, MemoryLayout<Value>.size), alignment: 8) { place in
            let start = place.baseAddress!
            injectTag(start, UInt32(number), address)
            return start.load(as: Value.self)
        }
    }

    private var witnesses: UnsafeRawPointer { address.load(fromByteOffset: -8, as: UnsafeRawPointer.self) }

    private var witnessFlags: UInt32 { witnesses.load(fromByteOffset: 10 * 8, as: UInt32.self) }
}
