import Flowmancer

/// The program that the benchmarks measure: the library with tasks that do next to nothing.
@main struct BenchApp: FlowmancerApp {}
