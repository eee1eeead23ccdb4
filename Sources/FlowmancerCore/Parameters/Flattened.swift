import Synchronization

/// Places the parameters of a group beside those of the type that has the property.
///
/// Use it for parameters that several types share:
/// ```swift
/// struct ServerSettings: ParameterGroup {
///     @Parameter("The host name of the server.") var host: String
///     @Parameter var timeout = Duration.seconds(10)
/// }
///
/// struct Upload: FlowTask {
///     @Flattened var server: ServerSettings
///     @Parameter var file: String
///     // …
/// }
/// ```
/// A job file sets `host`, `timeout` and `file` next to each other. With `@Parameter var server: ServerSettings`, it would
/// set `server.host` and `server.timeout` instead.
///
/// Two parameters of one type cannot have the same name, whether they are flattened or not. A job that uses such a type is
/// invalid.
@propertyWrapper
public struct Flattened<Group: ParameterGroup & Sendable>: Sendable {
    private var storage: Storage

    /// Creates a group with its default values.
    public init() {
        storage = Storage(nil)
    }

    /// Creates a property from a group whose defaults may differ from those of its type.
    ///
    /// - Parameter wrappedValue: The group before a job file sets its parameters.
    public init(wrappedValue: Group) {
        storage = Storage(wrappedValue)
    }

    /// The group with the values from the job file.
    public var wrappedValue: Group {
        get { storage.value }
        // A new box, as in `Parameter`: copies of the enclosing struct stay independent.
        set { storage = Storage(newValue) }
    }

    private final class Storage: Sendable {
        /// `nil` until somebody asks: a class that contains itself would never finish its `init()` otherwise.
        private let group: Mutex<Group?>

        init(_ group: Group?) {
            self.group = Mutex(group)
        }

        var value: Group {
            group.withLock { group in
                let value = group ?? Group()
                group = value
                return value
            }
        }
    }
}

extension Flattened: CustomReflectable {
    /// Shows the group, not the storage, in `dump` and debuggers.
    public var customMirror: Mirror { Mirror(self, children: ["value": wrappedValue]) }
}

extension Flattened: FlattenedProperty {
    var group: any ParameterGroup { wrappedValue }
}

/// What the binder needs of a ``Flattened`` whose type it does not know.
protocol FlattenedProperty: SendableMetatype {
    var group: any ParameterGroup { get }
}
