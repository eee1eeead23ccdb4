import FlowmancerCore
import FlowmancerWire

/// What arrives through a pair of a worker's pipes: its standard output and standard error, cut into lines.
final class OutputStreams {
    private var output: DescriptorChannel!
    private var errors: DescriptorChannel!
    private var outputLines: MaskedLines
    private var errorLines: MaskedLines
    private var marks = MarkScanner(.own)
    /// What stands behind a mark whose line has not been handed on; `nil` if there is no such mark.
    private var waiting: [UInt8]?
    /// What was written by an attempt that the engine does not know to have begun, in pieces.
    private var early: [(stream: OutputStream, bytes: [UInt8])] = []
    /// Keeps what arrives through standard output.
    var capture: CapturedText?
    private let loop: EventLoop
    private let emit: (UnsafeRawBufferPointer, OutputStream) -> Void
    /// When the state of a line that replaces itself is shown.
    private var timers: [OutputStream: EventLoop.Timer] = [:]

    /// Takes the descriptors over.
    ///
    /// - Parameters:
    ///   - isEarly: Whether what arrives now is to be kept until ``handOnEarly()``.
    ///   - emit: Receives every line.
    ///   - progressed: Called after something was taken in, and after the end.
    init(
        _ descriptors: WorkerDescriptors.Streams,
        masker: SecretMasker?,
        on loop: EventLoop,
        isEarly: @escaping () -> Bool,
        emit: @escaping (UnsafeRawBufferPointer, OutputStream) -> Void,
        progressed: @escaping () -> Void
    ) {
        self.loop = loop
        outputLines = MaskedLines(masker)
        errorLines = MaskedLines(masker)
        self.emit = emit
        func channel(_ descriptor: Int32, _ stream: OutputStream) -> DescriptorChannel {
            DescriptorChannel(
                descriptor,
                on: loop,
                received: { [unowned self] bytes in
                    if isEarly() { early.append((stream, Array(bytes))) } else { append(bytes, to: stream) }
                },
                progressed: progressed
            )
        }
        output = channel(descriptors.output, .output)
        errors = channel(descriptors.errors, .errors)
    }

    /// Whether something may still arrive.
    var isOpen: Bool { output.isOpen || errors.isOpen }

    /// Whether what arrives has to wait.
    var isPaused = false {
        didSet { setPace() }
    }

    /// How many bytes may wait for a logged line before no more are read.
    private static let maximumWaiting = 1 << 18

    /// Reads no more.
    func close() {
        stopShowing()
        output.close()
        errors.close()
    }

    /// Hands on what was kept.
    func handOnEarly() {
        let pieces = early
        early = []
        for (stream, bytes) in pieces { bytes.withUnsafeBytes { append($0, to: stream) } }
    }

    /// Hands on what has been written up to now, or up to the first mark whose line has not been handed on.
    ///
    /// - Returns: Whether that was possible: while it is paused, what was written has to wait.
    func catchUp() -> Bool {
        guard !isPaused else { return !output.hasUnread && !errors.hasUnread }
        output.catchUp()
        errors.catchUp()
        return true
    }

    /// Goes on behind a mark whose line was handed on.
    func passMark() {
        guard let bytes = waiting.take() else { return }
        bytes.withUnsafeBytes { append($0, to: .output) }
        setPace()
    }

    /// Hands on lines that have no end yet.
    func flush() {
        // What has reported its end logs nothing more.
        while waiting != nil { passMark() }
        marks.finish { rest in outputLines.append(rest) { emit($0, .output) } }
        endLines()
    }

    /// Hands on lines that have no end yet, up to the present mark.
    func endLines() {
        stopShowing()
        outputLines.finish { emit($0, .output) }
        errorLines.finish { emit($0, .errors) }
    }

    private func append(_ bytes: UnsafeRawBufferPointer, to stream: OutputStream) {
        switch stream {
        case .output:
            capture?.append(Array(bytes)[...])
            appendOutput(bytes)
        case .errors: errorLines.append(bytes) { emit($0, .errors) }
        }
        showLater(stream)
    }

    /// A line that replaces itself, such as a progress bar, may take hours to end: its state is shown now and then.
    private func showLater(_ stream: OutputStream) {
        let pause = stream == .output ? outputLines.pauseBeforeShowing : errorLines.pauseBeforeShowing
        guard let pause, timers[stream] == nil else { return }
        timers[stream] = loop.schedule(after: pause) { [weak self] in self?.show(stream) }
    }

    private func show(_ stream: OutputStream) {
        timers[stream] = nil
        guard !isPaused else { return showLater(stream) }
        switch stream {
        case .output: outputLines.showState { emit($0, .output) }
        case .errors: errorLines.showState { emit($0, .errors) }
        }
    }

    private func stopShowing() {
        for timer in timers.values { timer.cancel() }
        timers = [:]
    }

    private func appendOutput(_ bytes: UnsafeRawBufferPointer) {
        guard waiting == nil else {
            waiting?.append(contentsOf: bytes)
            return setPace()
        }
        var rest = bytes
        let isAtMark = marks.skip(to: &rest) { text in outputLines.append(text) { emit($0, .output) } }
        if isAtMark { waiting = Array(rest) }
    }

    private func setPace() {
        let isFull = (waiting?.count ?? 0) > Self.maximumWaiting
        if output.isPaused != (isPaused || isFull) { output.isPaused = isPaused || isFull }
        if errors.isPaused != isPaused { errors.isPaused = isPaused }
    }
}

extension OutputMark {
    /// That of all runs of this process.
    static let own = OutputMark(number: ownNumber)
    static let ownNumber = randomNumber()
}
