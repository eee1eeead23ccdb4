extension TypeName {
    /// Returns the name of a task type that engine and worker agree on.
    ///
    /// That is the mangled name, by which the runtime finds generic types, too; for private types, the qualified one.
    package static func symbol(of type: any FlowTask.Type) -> String {
        // The mangled name of a private type holds an address, and stands for nothing in another process.
        if let name = _mangledTypeName(type), _typeByName(name) != nil { return name }
        return qualified(type)
    }
}
