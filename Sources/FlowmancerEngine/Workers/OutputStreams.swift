/// What arrives through a pair of a worker's pipes: its standard output and standard error, cut into lines.
final class OutputStreams {
    private var output: DescriptorChannel!
    private var errors: DescriptorChannel!
    private var outputLines: MaskedLines
    private var errorLines: MaskedLines
    /// What was written by an attempt that the engine does not know to have begun, in pieces.
    private var early: [(stream: WorkerHandle.Stream, bytes: [UInt8])] = []
    private let emit: (UnsafeRawBufferPointer, WorkerHandle.Stream) -> Void

    /// Takes the descriptors over.
    ///
    /// - Parameters:
    ///   - isPaused: Whether what arrives has to wait.
    ///   - isEarly: Whether what arrives now is to be kept until ``handOnEarly()``.
    ///   - emit: Receives every line.
    ///   - progressed: Called after something was taken in, and after the end.
    init(
        _ descriptors: WorkerDescriptors.Streams,
        isPaused: Bool,
        masker: SecretMasker?,
        on loop: EventLoop,
        isEarly: @escaping () -> Bool,
        emit: @escaping (UnsafeRawBufferPointer, WorkerHandle.Stream) -> Void,
        progressed: @escaping () -> Void
    ) {
        outputLines = MaskedLines(masker)
        errorLines = MaskedLines(masker)
        self.emit = emit
        func channel(_ descriptor: Int32, _ stream: WorkerHandle.Stream) -> DescriptorChannel {
            DescriptorChannel(
                descriptor,
                on: loop,
                isPaused: isPaused,
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
    var isPaused: Bool {
        get { output.isPaused }
        set {
            output.isPaused = newValue
            errors.isPaused = newValue
        }
    }

    /// Reads no more.
    func close() {
        output.close()
        errors.close()
    }

    /// Hands on what was kept.
    func handOnEarly() {
        let pieces = early
        early = []
        for (stream, bytes) in pieces { bytes.withUnsafeBytes { append($0, to: stream) } }
    }

    /// Hands on what has been written up to now.
    ///
    /// - Returns: Whether that was possible: while it is paused, what was written has to wait.
    func catchUp() -> Bool {
        guard !isPaused else { return !output.hasUnread && !errors.hasUnread }
        output.catchUp()
        errors.catchUp()
        return true
    }

    /// Hands on lines that have no end yet.
    func flush() {
        outputLines.finish { emit($0, .output) }
        errorLines.finish { emit($0, .errors) }
    }

    private func append(_ bytes: UnsafeRawBufferPointer, to stream: WorkerHandle.Stream) {
        switch stream {
        case .output: outputLines.append(bytes) { emit($0, .output) }
        case .errors: errorLines.append(bytes) { emit($0, .errors) }
        }
    }
}
