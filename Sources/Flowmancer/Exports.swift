@_exported public import FlowmancerCore
@_exported public import FlowmancerHistory
@_exported public import FlowmancerJobFile
@_exported public import FlowmancerPlugins
