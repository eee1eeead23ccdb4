/// The names of types as people and files know them.
package enum TypeName {
    /// Returns a type's name with its module, `Module.Name`.
    ///
    /// For a private or local type the runtime puts an address into the name, which differs from process to process;
    /// it is left out.
    package static func qualified(_ type: Any.Type) -> String {
        // Not `String(reflecting:)`, which looks for conformances of the metatype first.
        var name = _typeName(type, qualified: true)
        while let start = name.firstRange(of: "(unknown context at "),
            let end = name[start.upperBound...].firstRange(of: ").")
        {
            name.removeSubrange(start.lowerBound..<end.upperBound)
        }
        return name
    }

    /// Returns a name without modules and enclosing types, also in its generic arguments: `Box<Int>` for
    /// `Module.Box<Swift.Int>`.
    package static func bare(_ name: String) -> String {
        // Most names are.
        guard !name.utf8.allSatisfy(isPlain) else { return name }
        var result = ""
        var identifierStart = result.endIndex
        for character in name {
            if character == "." {
                result.removeSubrange(identifierStart...)
            } else {
                result.append(character)
                if !character.isLetter, !character.isNumber, character != "_" { identifierStart = result.endIndex }
            }
        }
        return result
    }

    /// Returns all names by which a type can be meant: `Module.Outer.Inner`, `Outer.Inner` and `Inner`; of a generic type
    /// only the first and the last.
    static func spellings(of qualified: String) -> Set<String> {
        guard !qualified.contains("<") else { return [qualified, bare(qualified)] }
        let parts = qualified.split(separator: ".")
        return Set(parts.indices.map { parts[$0...].joined(separator: ".") })
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
