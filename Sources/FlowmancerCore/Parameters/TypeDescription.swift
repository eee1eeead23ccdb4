/// What a job file may hold for a value of some type: facts from which help, schemas and tables are made.
package indirect enum TypeDescription: Sendable, Hashable {
    case text
    case boolean
    /// An integer; the bounds are `nil` where the type has those of every integer of a job file.
    case integer(minimum: Int?, maximum: Int?)
    case number
    case duration
    case date
    case url
    /// A certain word, in capitals or not.
    case word(String)
    /// One of some values.
    case choice([ParameterValue])
    /// A list; of a set, the order and repetitions do not matter.
    case list(TypeDescription, isSet: Bool)
    case mapping(key: TypeDescription, value: TypeDescription)
    /// A value, or nothing.
    case optional(TypeDescription)
    /// A value of any of these forms.
    case either([TypeDescription])
    case group(GroupDescription)
    /// A group within itself, by the name of its type.
    case enclosingGroup(String)
    /// Whatever a job file can hold.
    case any
    /// A value of some form, of which people are told in other words: "a command: text, or a list of words".
    case worded(TypeDescription, expectation: String)
    /// A value whose type decides by itself what it takes.
    case custom(typeName: String)
}

/// The parameters of a type.
package struct GroupDescription: Sendable, Hashable {
    /// The type's name with its module.
    package let typeName: String
    /// What the type is for, in a sentence; empty if its author does not say.
    package let abstract: String
    package let parameters: [ParameterDescription]
    /// What a task of the type publishes, if it says so.
    package let outputs: [OutputDescription]
    /// The parameters that have a name of an earlier one, and the positions of both: a mistake, which makes them unusable.
    let namesakes: [Int: Int]

    package init(
        typeName: String,
        abstract: String = "",
        parameters: [ParameterDescription],
        outputs: [OutputDescription] = []
    ) {
        self.typeName = typeName
        self.abstract = abstract
        self.parameters = parameters
        self.outputs = outputs
        var namesakes: [Int: Int] = [:]
        var owners: [String: Int] = [:]
        for (position, parameter) in parameters.enumerated() {
            if let first = owners[parameter.key] ?? owners[parameter.propertyName] {
                namesakes[position] = first
            } else {
                owners[parameter.key] = position
                owners[parameter.propertyName] = position
            }
        }
        self.namesakes = namesakes
    }
}

/// What the author of a job file can know of a parameter.
package struct ParameterDescription: Sendable, Hashable {
    /// The key in a job file.
    package let key: String
    /// A second spelling of the key, or the same: the property's name in Swift.
    package let propertyName: String
    package let help: String
    package let type: TypeDescription
    package let presence: Presence
    /// Whether the value is shown nowhere.
    package let isSecret: Bool
    /// Whether values that are known in the run only are kept apart from the text around them: see
    /// ``CustomParameter/keepsVariables``.
    package let keepsVariables: Bool

    /// Whether a job file has to have the parameter.
    package enum Presence: Sendable, Hashable {
        case required
        /// It may be left out; the associated value is the default, or `nil` if that is secret or cannot be written.
        case optional(default: ParameterValue?)
    }

    package init(
        key: String,
        propertyName: String,
        help: String,
        type: TypeDescription,
        presence: Presence,
        isSecret: Bool = false,
        keepsVariables: Bool = false
    ) {
        self.key = key
        self.propertyName = propertyName
        self.help = help
        self.type = type
        self.presence = presence
        self.isSecret = isSecret
        self.keepsVariables = keepsVariables
    }

    package var isRequired: Bool { presence == .required }

    /// All spellings of the key, the one that is documented first.
    package var spellings: [String] { propertyName == key ? [key] : [key, propertyName] }

    package var defaultValue: ParameterValue? {
        if case .optional(let value) = presence { value } else { nil }
    }
}
