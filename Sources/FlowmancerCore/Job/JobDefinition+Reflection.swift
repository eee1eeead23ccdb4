// What is secret is known by a parameter's type, not by its value: printed and dumped definitions have names only.

extension TaskDefinition: CustomReflectable {
    /// Shows the names of the parameters, since a value may be secret.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "variant": variant, "dependencies": dependencies, "maxAttempts": maxAttempts, "backoff": backoff,
                "isolation": isolation as Any, "mergesOutput": mergesOutput as Any,
                "parameters": Array(parameters.keys),
            ],
            displayStyle: .struct
        )
    }
}

extension PluginDefinition: CustomReflectable {
    /// Shows the names of the parameters, since a value may be secret.
    public var customMirror: Mirror {
        Mirror(self, children: ["variant": variant, "parameters": Array(parameters.keys)], displayStyle: .struct)
    }
}
