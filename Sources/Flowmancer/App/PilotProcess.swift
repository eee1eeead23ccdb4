import FlowmancerCore
import FlowmancerDiscovery
import FlowmancerEngine
import FlowmancerSystem
import FlowmancerTerminal
import Glibc

/// This program as a pilot on another machine.
enum PilotProcess {
    /// Begins to be a pilot. The process exits at its end.
    ///
    /// - Parameter keeper: The keeper, if it was started already.
    static func start(
        _ launch: PilotLaunch,
        _ catalog: @escaping @Sendable () -> TypeCatalog,
        _ keeper: EarlyKeeper?
    ) {
        let executor = DispatchExecutor(label: "flowmancer.pilot")
        Task.detached(executorPreference: executor) { exit(await perform(launch, catalog(), keeper)) }
    }

    private static func perform(_ launch: PilotLaunch, _ catalog: TypeCatalog, _ keeper: EarlyKeeper?) async -> Int32 {
        do {
            let run = PilotRun(try launch.seat(catalog), keeper: keeper)
            let signals = SignalListener([SIGTERM, SIGINT, SIGHUP]) { run.end(by: $0) }
            defer { withExtendedLifetime(signals) {} }
            let ending = try await run.execute()
            Console.standard.print(ending.text)
            if case .dismissed = ending { return 0 }
            return 1
        } catch {
            Console.standard.printError("error: \(error.inWords)".printableLines)
            return 1
        }
    }
}
