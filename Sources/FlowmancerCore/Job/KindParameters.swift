import Synchronization

/// The parameters of a kind of tasks or plug-ins: those of a Swift type, or those that a description lists.
package final class KindParameters: Sendable {
    /// The Swift type, if the kind is one.
    package let type: (any ParameterGroup.Type)?
    /// `nil` until somebody asks, since describing a type takes long.
    private let knownDescription: Mutex<GroupDescription?>

    init(of type: any ParameterGroup.Type) {
        self.type = type
        knownDescription = Mutex(nil)
    }

    init(_ description: GroupDescription) {
        type = nil
        knownDescription = Mutex(description)
    }

    package var description: GroupDescription {
        if let description = knownDescription.withLock({ $0 }) { return description }
        // Describing a type runs its `init()`, so no lock is held meanwhile.
        let made = type.map { GroupDescription(of: $0) } ?? GroupDescription(typeName: "", parameters: [])
        knownDescription.withLock { $0 = made }
        return made
    }

    /// What the kind is for, in a sentence; empty if its author does not say.
    package var abstract: String { type?.abstract ?? description.abstract }

    /// Whether a job can set a secret by them.
    package var holdSecrets: Bool { type.map { SecretLayout.holdsSecrets($0) } ?? description.holdsSecrets }
}
