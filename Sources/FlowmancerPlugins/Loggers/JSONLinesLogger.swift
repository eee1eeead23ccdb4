public import FlowmancerCore
package import OrderedCollections

/// Writes one JSON object a line for everything that happens in the logs of the tasks.
///
/// ```json
/// {"timestamp":"2024-05-01T12:00:05.123456+02:00","job":"nightly","task":"fetch","attempt":1,"kind":"write","severity":"INFO","message":"Done!"}
/// ```
/// `kind` is `start`, `write` or `end`; `severity` and `message` belong to `write`. A line that was logged with metadata has
/// them as the object `metadata`, and a line that is not UTF-8 has its bytes as `raw`, in Base64.
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

    /// The file that lines are added to; `-` for the standard output, which then holds nothing else: what people are told of
    /// the run goes to standard error, unless the standard output is a terminal.
    @Parameter("The file that lines are added to; - for the standard output.")
    public var path = "./logs/events.jsonl"

    /// The least severity of the lines that are written.
    @Parameter("The least severity of the lines that are written: debug, info, warning, error, critical.")
    public var level = Severity.debug

    /// Patterns of the tasks whose events are written; those of all of them if there is none.
    @Parameter("Patterns of the tasks whose events are written, such as fetch-*; all unless given.")
    public var include: TextList = []

    /// Patterns of the tasks whose events are not written.
    @Parameter("Patterns of the tasks whose events are not written.")
    public var exclude: TextList = []

    private static let outputPath = "-"

    private let console: Console
    private var setup: (filter: LogFilter, target: Target)?
    private var form = JSONLine()
    private var buffer: [UInt8] = []

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

    /// Whether a logger with these parameters writes to the standard output.
    package static func writesToOutput(_ parameters: OrderedDictionary<String, ParameterValue>) -> Bool {
        parameters["path"] == .string(outputPath)
    }

    /// Creates the file, which only its owner can read, unless it exists.
    public func onCreate() async throws {
        if case .file(let file) = prepared().target { try file.open() }
    }

    /// Writes an event.
    public func update(_ event: LogEvent) async throws {
        let (filter, target) = prepared()
        guard filter.admits(event) else { return }
        buffer.removeAll(keepingCapacity: true)
        form.append(event, to: &buffer)
        switch target {
        case .console:
            try console.printResult(String(decoding: buffer, as: UTF8.self))
        case .file(let file):
            buffer.append(UInt8(ascii: "\n"))
            try file.write(buffer)
        }
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
