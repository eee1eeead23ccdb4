import FlowmancerEngine
import FlowmancerSystem
import FlowmancerTerminal
import Glibc

/// The page of a run that is about to begin, for as long as the run lasts. A process of its own serves it, which the run
/// does not need.
struct LivePage: Sendable {
    /// The address that shows the page.
    let link: String
    /// What the server prints goes nowhere: it must not write into a pipe that nobody has.
    private let output: OwnedDescriptor

    /// The command that serves the page.
    private static let command = "serve"
    private static let patience = Duration.seconds(10)
    private static let interval = Duration.milliseconds(5)

    /// Starts the server.
    ///
    /// - Parameters:
    ///   - file: The job file as the command line names it; the page shows the history of that job.
    /// - Throws: ``UsageError`` if the program has no such server, or it cannot be started.
    static func start(_ program: Program, _ file: String?, _ loading: LoadingOptions) async throws -> LivePage {
        guard program.description.addedCommands.contains(where: { $0.configuration.commandName == command }) else {
            throw UsageError(
                text:
                    "this program has no page: add the product FlowmancerDashboard to it, and .dashboard to its commands"
            )
        }
        var arguments = [command, "--of-process=\(getpid())", "--listen=127.0.0.1:0"]
        // What was read from a pipe cannot be read once more.
        if let file, JobFileIdentity.path(of: file) != nil { arguments.append("--jobdef=\(file)") }
        arguments += loading.arguments
        let pipe = try OwnedDescriptor.pipe()
        let process = try OwnProgram.start(arguments, output: pipe.writing)
        // So that it leaves nothing behind if it ends first.
        Task { _ = await OwnProgram.end(of: process) }
        return LivePage(link: try await link(in: pipe.reading), output: pipe.reading)
    }

    /// Waits for the address, before which the server may print warnings about the job.
    private static func link(in pipe: OwnedDescriptor) async throws -> String {
        let deadline = ContinuousClock.now + patience
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while ContinuousClock.now < deadline {
            guard pipe.isReadable else {
                try await Task.sleep(for: interval)
                continue
            }
            let count = read(pipe.rawValue, &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer[..<count]
            // What follows on the last line feed is not printed as a whole yet.
            let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            let link = lines.lazy.map { String(decoding: $0, as: UTF8.self) }.first { $0.hasPrefix("http") }
            if let link { return link }
        }
        let said = String(decoding: text, as: UTF8.self)
        throw UsageError(text: "the page cannot be served\(said.isEmpty ? "" : ": \(said)")")
    }
}

extension LoadingOptions {
    /// The options again, for another process of the program.
    fileprivate var arguments: [String] {
        (type.map { ["--type=\($0)"] } ?? []) + variables.map { "--var=\($0)" }
            + (namedAppRoot.map { ["--app-root=\($0)"] } ?? [])
    }
}
