package import FlowmancerCore

extension TaskKind {
    /// A kind that is no Swift type, only a description.
    package static var upload: TaskKind {
        let description = GroupDescription(
            typeName: "Scripts.Upload",
            abstract: "Uploads a file.",
            parameters: [
                .init(key: "file", propertyName: "file", help: "What to upload.", type: .text, presence: .required),
                .init(
                    key: "max_rate",
                    propertyName: "maxRate",
                    help: "",
                    type: .integer(minimum: 1, maximum: 100),
                    presence: .optional(default: 10)
                ),
                .init(
                    key: "token",
                    propertyName: "token",
                    help: "",
                    type: .text,
                    presence: .optional(default: nil),
                    isSecret: true
                ),
            ]
        )
        return TaskKind(description, runtime: .swift, symbol: "scripts/upload")
    }
}
