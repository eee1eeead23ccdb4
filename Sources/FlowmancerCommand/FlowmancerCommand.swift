import Flowmancer
import FlowmancerDashboard
import FlowmancerSlurm

/// The program with nothing but what is built in: it runs jobs of commands, here or on a Slurm
/// cluster, looks into any job, and serves the dashboard.
@main struct FlowmancerCommand: FlowmancerApp {
    static var commands: [ProgramCommands] { [.dashboard] }
}
