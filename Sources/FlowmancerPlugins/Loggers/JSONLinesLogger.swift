public import FlowmancerCore
import FlowmancerSystem
package import FlowmancerTerminal
package import OrderedCollections
import SystemPackage

/// Writes each event of the tasks' logs as a JSON object on a line of its own.
///
/// ```json
/// {"timestamp":"2024-05-01T12:00:05.123456+02:00","run":"019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c37","job":"nightly","task":"fetch","attempt":1,"kind":"write","severity":"INFO","message":"Done!"}
/// ```
/// `run` is the id of the run. `kind` is `start`, `write` or `end`. Only `write` has `severity` and `message`. Only a task
/// of a group has `group`: `load` for the task `load[eu]`. The object `metadata` holds the metadata that a line was logged
/// with. If a line is not valid UTF-8, `raw` holds its bytes in Base64.
///
/// ```yaml
/// loggers:
///   events:
///     logger: JSONLinesLogger
///     parameters:
///       path: ./logs/events.jsonl
/// ```
public actor JSONLinesLogger: FlowLogger, FilteringLogger {
    public static let abstract = "Writes log lines as JSON, one object a line."

    /// The file to append to. `-` means standard output, which then contains nothing else: messages about the run go to
    /// standard error, unless standard output is a terminal.
    @Parameter("The file to append to; - means standard output.")
    public var path = "./logs/events.jsonl"

    /// The lowest severity to write.
    @Parameter("The lowest severity to write: debug, info, warning, error or critical.")
    public var level = Severity.debug

    /// The tasks to write, as patterns. Without patterns, all tasks are written.
    @Parameter("The tasks to write, as patterns such as fetch-*; all tasks by default.")
    public var include: TextList = []

    /// The tasks to leave out, as patterns.
    @Parameter("The tasks to leave out, as patterns.")
    public var exclude: TextList = []

    private static let outputPath = "-"

    private let console: Console
    private var setup: (filter: LogFilter, target: Target)?
    private var form = JSONLine()
    private var buffer: [UInt8] = []
    private var lostLines = LostLines()

    private enum Target {
        case console
        case file(AppendedFile)
    }

    /// Creates a logger with default parameters.
    public init() {
        self.init(console: .standard)
    }

    /// - Parameter console: The standard output.
    package init(console: Console) {
        self.console = console
    }

    /// Creates the file if it does not exist. Only its owner can read it.
    public func onCreate() async throws {
        if case .file(let file) = prepared().target { try file.open() }
    }

    /// Writes an event.
    public func update(_ event: TaskLogEvent) async throws {
        let (filter, target) = prepared()
        guard filter.admits(event) else { return }
        buffer.removeAll(keepingCapacity: true)
        form.append(event, to: &buffer)
        try lostLines.counting {
            switch target {
            case .console:
                let text = String(decoding: buffer, as: UTF8.self)
                do throws(Errno) { try console.printResult(text) } catch { throw ConsoleError(.output, error) }
            case .file(let file):
                buffer.append(UInt8(ascii: "\n"))
                try file.write(buffer)
            }
        }
    }

    /// Reports how many lines could not be written.
    public func onDestroy() async throws {
        try lostLines.check()
    }

    private func prepared() -> (filter: LogFilter, target: Target) {
        if let setup { return setup }
        let setup = (
            LogFilter(level: level, include: include, exclude: exclude),
            path == Self.outputPath ? Target.console : .file(AppendedFile(FileSystem.absolutePath(path)))
        )
        self.setup = setup
        return setup
    }
}

extension JSONLinesLogger: DataPrintingPlugin {
    package static func printsData(with parameters: OrderedDictionary<String, ParameterValue>) -> Bool {
        parameters["path"] == .string(outputPath)
    }
}
