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
}
