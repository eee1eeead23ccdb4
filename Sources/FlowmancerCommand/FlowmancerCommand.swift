import Flowmancer

/// The program with nothing but what is built in: it runs jobs of commands, and looks into any job.
@main struct FlowmancerCommand: FlowmancerApp {}
