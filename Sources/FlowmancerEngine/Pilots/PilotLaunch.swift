package import FlowmancerCore
import FlowmancerSystem

/// How this program is started as a pilot: with a flag, the type of the executor, and the path of the invitation.
package struct PilotLaunch: Sendable {
    /// No command line has it by accident.
    package static let flag = "--flowmancer-pilot"

    /// The name of the executor's type.
    package let executor: String
    package let invitation: String

    /// - Parameter arguments: Those of the process, with the path of the program.
    /// - Returns: `nil` if they do not ask for a pilot.
    package init?(_ arguments: [String]) {
        guard arguments.count == 4, arguments[1] == Self.flag else { return nil }
        executor = arguments[2]
        invitation = arguments[3]
    }

    /// Whether this process was started as a pilot.
    package static var isRequested: Bool { PilotLaunch(ProcessContext.arguments) != nil }

    /// Returns how the pilot reaches its engine.
    package func seat(_ catalog: TypeCatalog) throws -> PilotSeat {
        try catalog.executor(named: executor).get().join(invitation)
    }
}
