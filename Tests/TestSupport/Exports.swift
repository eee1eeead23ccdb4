@_exported public import FlowmancerRandom
