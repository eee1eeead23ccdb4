import Flowmancer
import FlowmancerNotifications
import FlowmancerTelemetry

/// A program with the optional products, and no tasks beyond those that every program has.
@main struct PluginApp: FlowmancerApp {}
