import Flowmancer

/// The program that the end-to-end tests run: its tasks do whatever a test needs.
@main struct TestApp: FlowmancerApp {}
