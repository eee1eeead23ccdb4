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
    }

    private static let protocols = [
        "FlowTask": "task", "FlowLogger": "logger", "FlowExtension": "extension", "FlowCheckpointer": "checkpointer",
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
                kinds[declaration.name] = declaration.inherited.lazy.compactMap { kinds[$0] }.first
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
            return Found(kind: kind, name: declaration.name, file: place.file, line: declaration.line)
        }
    }
}
