public import Flowmancer

extension ProgramCommands {
    /// The command `serve`, and what `run --view` needs.
    ///
    /// ```swift
    /// import Flowmancer
    /// import FlowmancerDashboard
    ///
    /// @main struct Pipelines: FlowmancerApp {
    ///     static var commands: [ProgramCommands] { [.dashboard] }
    /// }
    /// ```
    public static var dashboard: ProgramCommands { ProgramCommands([ServeCommand.self]) }
}
