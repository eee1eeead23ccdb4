/// The types in Swift sources that job files could name.
enum PluginDeclarations {
    /// A declaration in one of several files.
    struct Place {
        var file: String
        var declaration: SourceDeclaration
    }

    /// What a declaration makes of its type.
    struct Found: Hashable {
        var kind: String
        var name: String
        var file: String
        var line: Int
        /// The class of these sources that it inherits the conformance from.
        var superclass: String?
    }

    /// What inheriting from a name makes of a type.
    private struct Kind {
        var name: String
        var isOfClass = false
    }

    private static let protocols = [
        "FlowTask": Kind(name: "task"), "FlowLogger": Kind(name: "logger"), "FlowExtension": Kind(name: "extension"),
        "FlowCheckpointer": Kind(name: "checkpointer"), "FlowHistory": Kind(name: "history"),
    ]

    /// Returns the types that are tasks or plug-ins, directly, by a protocol or a superclass of these sources, or by an
    /// extension.
    static func find(in places: [Place]) -> [Found] {
        var kinds = protocols
        // As often as there is a further generation.
        var known = 0
        while known < kinds.count {
            known = kinds.count
            for place in places where place.declaration.kind != .extension {
                let declaration = place.declaration
                guard kinds[declaration.name] == nil else { continue }
                guard let kind = declaration.inherited.lazy.compactMap({ kinds[$0] }).first else { continue }
                kinds[declaration.name] = Kind(name: kind.name, isOfClass: declaration.kind == .type)
            }
        }
        // What is uncertain in one place must not be asked for because of another, such as an extension of a generic type.
        let uncertain = Set(places.filter { !$0.declaration.isCertain }.map(\.declaration.name))
        var names: Set<String> = []
        return places.compactMap { place in
            let declaration = place.declaration
            guard declaration.kind != .protocol, !uncertain.contains(declaration.name),
                let kind = declaration.inherited.lazy.compactMap({ kinds[$0] }).first,
                names.insert(declaration.name).inserted
            else { return nil }
            // A conformance of its own is found, whatever the superclass has.
            let parents = declaration.inherited.filter { kinds[$0] != nil }
            let inherits = parents.allSatisfy { kinds[$0]?.isOfClass == true }
            return Found(
                kind: kind.name,
                name: declaration.name,
                file: place.file,
                line: declaration.line,
                superclass: inherits ? parents.first : nil
            )
        }
    }
}
