import Flowmancer
import FlowmancerDashboard

/// The program with nothing but what is built in: it runs jobs of commands, looks into any job, and serves the dashboard.
@main struct FlowmancerCommand: FlowmancerApp {
    static var commands: [ProgramCommands] { [.dashboard] }
}
