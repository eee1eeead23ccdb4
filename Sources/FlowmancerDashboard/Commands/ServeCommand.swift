package import ArgumentParser
package import Flowmancer
import FlowmancerCore
import FlowmancerEngine
import FlowmancerSystem
import FlowmancerTerminal
import Foundation

/// Serves the page with runs.
package struct ServeCommand: JobCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a page that shows runs, and starts jobs.",
        discussion: """
            The page shows the runs of the app root's history, or with -j those in the history of a job file. Runs do not \
            need the server: end and start it as you like. To open the page, you need the link that is printed.

            Jobs can be started only from a directory that you name with --jobs, with the first link.
            """
    )

    @OptionGroup var history: HistoryOptions

    @OptionGroup var server: ServerOptions

    @Option(
        help: ArgumentHelp("Let people start the jobs whose files are in this directory.", valueName: "dir"),
        completion: .directory
    )
    var jobs: String?

    @Option(help: .hidden)
    var ofProcess: Int32?

    package init() {}

    package func execute(in program: Program) async throws -> Int32 {
        let tls = try server.tls()
        let tokens = try server.tokens()
        // Looking at a history changes the working directory.
        let jobLoading = try jobs == nil ? nil : JobLoading(program, history.loading)
        let directory = try jobLoading.flatMap { loading in try jobs.map { try JobDirectory($0, loading) } }
        let appRoot = history.loading.resolvedAppRoot ?? "."
        let definitions = try await directory?.entries().filter { !$0.hasErrors }.map(\.history) ?? []
        return try await history.use(in: program, also: definitions) { histories in
            let histories = Histories(all: histories)
            let hostName = ProcessInfo.processInfo.hostName
            let watched = ofProcess.map { EngineProcess($0, histories) }
            let dashboard = Dashboard(
                library: RunLibrary(histories, only: watched),
                starter: directory.map { JobStarter(jobs: $0, histories: histories, appRoot: appRoot) },
                version: FlowmancerVersion.current,
                hostName: hostName
            )
            let service = DashboardServer(dashboard, server.settings(tokens: tokens, tls: tls))
            try await service.run(until: watched) { link, readOnlyLink in
                if watched != nil {
                    Console.standard.print(link)
                } else {
                    let way = server.listen.socketPath.map { ", through the socket \($0.printable)" } ?? ""
                    Console.standard.print("The page is at \(link)\(way)")
                    Console.standard.print("for looking only: \(readOnlyLink)")
                }
            }
            return 0
        }
    }
}
