#if canImport(Glibc)
    import Glibc
#endif

/// Finds the types of the executable that conform to given protocols, in the conformance records that the compiler
/// emits for every image.
///
/// The layouts are those of the Swift ABI (TypeMetadata.rst, and `MetadataSections.h`, `Metadata.h` and
/// `MetadataValues.h` of the runtime), which is stable. All unsafe code of the project's own Swift lives here.
enum ConformanceScan {
    /// A conformance of a type to one of the protocols.
    struct Conformance {
        /// The place of the protocol among those that were asked for.
        let protocolIndex: Int
        private let type: UnsafeRawPointer
        /// `nil` if the runtime has to make it.
        private let witnessTable: UnsafeRawPointer?

        init(protocolIndex: Int, type: UnsafeRawPointer, witnessTable: UnsafeRawPointer?) {
            self.protocolIndex = protocolIndex
            self.type = type
            self.witnessTable = witnessTable
        }

        /// The type as a value of `any P.Type`.
        ///
        /// - Parameter existential: That metatype; it must be the one of the protocol at ``protocolIndex``.
        func type<Existential>(as existential: Existential.Type) -> Existential? {
            // A cast looks through all conformances of the executable: too slow to be made for every type.
            guard let witnessTable else { return unsafeBitCast(type, to: Any.Type.self) as? Existential }
            // The metadata and, per protocol, a witness table.
            return unsafeBitCast((type, witnessTable), to: existential)
        }
    }

    /// A generic type that conforms to one of the protocols. It has no metadata before it is specialised.
    struct GenericType {
        /// The place of the protocol among those that were asked for.
        let protocolIndex: Int
        /// The type's name with its module, without arguments.
        let name: String
    }

    /// What a search finds.
    struct Findings {
        var conformances: [Conformance] = []
        var generics: [GenericType] = []
    }

    /// Returns the types that conform to any of the protocols.
    ///
    /// - Parameter existentials: The protocols, as `(any P).self`.
    static func conformances(to existentials: [Any.Type]) -> Findings {
        var search = Search(descriptors: existentials.map(protocolDescriptor))
        withUnsafeMutablePointer(to: &search) { search in
            enumerateMetadataSections(
                { sections, context in
                    guard let context else { return false }
                    context.assumingMemoryBound(to: Search.self).pointee.scan(sections)
                    return true
                },
                search
            )
        }
        return search.findings
    }

    private struct Search {
        let descriptors: [UnsafeRawPointer?]
        var findings = Findings()

        /// Reads the section `swift5_protocol_conformances`: an array of relative pointers to conformance descriptors.
        mutating func scan(_ sections: UnsafeRawPointer) {
            // version, base address, two reserved words, swift5_protocols (start, length), then the section.
            let words = sections.assumingMemoryBound(to: UInt.self)
            guard let start = UnsafeRawPointer(bitPattern: words[6]) else { return }
            for offset in stride(from: 0, to: Int(words[7]), by: 4) {
                let record = start + offset
                examine(resolveDirect(record))
            }
        }

        /// Reads a conformance descriptor: protocol, type, witness table, flags, of 4 bytes each.
        private mutating func examine(_ conformance: UnsafeRawPointer) {
            guard let descriptor = resolveIndirectable(conformance),
                let index = descriptors.firstIndex(of: descriptor)
            else { return }
            let flags = (conformance + 12).loadUnaligned(as: UInt32.self)
            let typeDescriptor: UnsafeRawPointer?
            switch (flags >> 3) & 7 {
            case 0: typeDescriptor = resolveDirect(conformance + 4)
            case 1: typeDescriptor = resolveDirect(conformance + 4).loadUnaligned(as: UnsafeRawPointer?.self)
            default: typeDescriptor = nil
            }
            guard let typeDescriptor else { return }
            guard let type = metadata(of: typeDescriptor) else {
                if let name = nameOfGeneric(typeDescriptor) {
                    findings.generics.append(GenericType(protocolIndex: index, name: name))
                }
                return
            }
            let isMadeAtRunTime = flags & (3 << 16) != 0
            let witnessTable = isMadeAtRunTime ? nil : resolveDirect(conformance + 8)
            findings.conformances.append(Conformance(protocolIndex: index, type: type, witnessTable: witnessTable))
        }

        /// Calls the metadata accessor of a class, struct or enum that is not generic.
        private func metadata(of descriptor: UnsafeRawPointer) -> UnsafeRawPointer? {
            let flags = descriptor.loadUnaligned(as: UInt32.self)
            let isNominal = (16...18).contains(flags & 0x1f)
            let isGeneric = flags & 0x80 != 0
            guard isNominal, !isGeneric, (descriptor + 12).loadUnaligned(as: Int32.self) != 0 else { return nil }
            // The accessor takes a metadata request and returns metadata and state in two registers, as a C function
            // of this shape reads the first of them. Request 0: complete metadata, blocking.
            typealias Accessor = @convention(c) (UInt) -> UnsafeRawPointer
            let accessor = unsafeBitCast(resolveDirect(descriptor + 12), to: Accessor.self)
            return accessor(0)
        }

        /// Reads the names of a generic type and of the contexts around it, whose descriptors begin alike: flags, parent,
        /// and of a type or a module the name, of 4 bytes each.
        private func nameOfGeneric(_ descriptor: UnsafeRawPointer) -> String? {
            guard descriptor.loadUnaligned(as: UInt32.self) & 0x80 != 0 else { return nil }
            var parts: [String] = []
            var context: UnsafeRawPointer? = descriptor
            while let current = context {
                switch current.loadUnaligned(as: UInt32.self) & 0x1f {
                case 0, 16...18:
                    let name = resolveDirect(current + 8).assumingMemoryBound(to: CChar.self)
                    parts.append(String(cString: name))
                case 2:
                    // The anonymous context of a private type.
                    break
                default:
                    return nil
                }
                context = resolveIndirectable(current + 4)
            }
            return parts.reversed().joined(separator: ".")
        }
    }

    /// Reads the protocol of an existential type's metadata: kind, flags, count (4 bytes), then the protocols.
    private static func protocolDescriptor(of existential: Any.Type) -> UnsafeRawPointer? {
        unsafeBitCast(existential, to: UnsafeRawPointer.self).loadUnaligned(
            fromByteOffset: 16,
            as: UnsafeRawPointer?.self
        )
    }

    private static func resolveDirect(_ field: UnsafeRawPointer) -> UnsafeRawPointer {
        field + Int(field.loadUnaligned(as: Int32.self))
    }

    /// A relative pointer whose lowest bit says that it points to a pointer.
    private static func resolveIndirectable(_ field: UnsafeRawPointer) -> UnsafeRawPointer? {
        let value = field.loadUnaligned(as: Int32.self)
        guard value != 0 else { return nil }
        let target = field + Int(value & ~1)
        return value & 1 == 0 ? target : target.loadUnaligned(as: UnsafeRawPointer?.self)
    }
}

/// Part of the runtime on platforms whose loader keeps no list of sections of its own.
@_silgen_name("swift_enumerateAllMetadataSections")
private func enumerateMetadataSections(
    _ body: @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer?) -> Bool,
    _ context: UnsafeMutableRawPointer?
)
