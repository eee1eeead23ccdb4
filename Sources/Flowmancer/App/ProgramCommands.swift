/// Commands that a product adds to a ``FlowmancerApp``.
///
/// A product has a value of this type for what it adds: `FlowmancerDashboard` has `.dashboard`.
public struct ProgramCommands: Sendable {
    package let types: [any JobCommand.Type]

    package init(_ types: [any JobCommand.Type]) {
        self.types = types
    }
}
