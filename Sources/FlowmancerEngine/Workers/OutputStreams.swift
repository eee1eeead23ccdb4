/// What arrives through a pair of a worker's pipes: its standard output and standard error, cut into lines.
final class OutputStreams {
    private(set) var output: DescriptorReader!
    private(set) var errors: DescriptorReader!
    private var outputLines: MaskedLines
    private var errorLines: MaskedLines
    /// What was written by an attempt that the engine does not know to have begun, in pieces.
    private var early: [(stream: WorkerHandle.Stream, bytes: [UInt8])] = []
    private var barrier: (output: Int, errors: Int)?
    private let emit: (UnsafeRawBufferPointer, WorkerHandle.Stream) -> Void

    /// Creates streams that are read on the event loop only.
    ///
    /// - Parameters:
    ///   - isEarly: Whether what arrives now is to be kept until ``handOnEarly()``.
    ///   - emit: Receives every line.
    ///   - progressed: Called after something was taken in, and after the end.
    init(
        _ descriptors: WorkerDescriptors.Streams,
        masker: SecretMasker?,
        isEarly: @escaping () -> Bool,
        emit: @escaping (UnsafeRawBufferPointer, WorkerHandle.Stream) -> Void,
        progressed: @escaping () -> Void
    ) {
        outputLines = MaskedLines(masker)
        errorLines = MaskedLines(masker)
        self.emit = emit
        func reader(_ descriptor: Int32, _ stream: WorkerHandle.Stream) -> DescriptorReader {
            DescriptorReader(
                descriptor,
                handle: { [unowned self] bytes in
                    if isEarly() { early.append((stream, Array(bytes))) } else { append(bytes, to: stream) }
                },
                progressed: progressed
            )
        }
        output = reader(descriptors.output, .output)
        errors = reader(descriptors.errors, .errors)
    }

    /// Whether something may still arrive.
    var isOpen: Bool { output.isOpen || errors.isOpen }

    /// Hands on what was kept.
    func handOnEarly() {
        let pieces = early
        early = []
        for (stream, bytes) in pieces { bytes.withUnsafeBytes { append($0, to: stream) } }
    }

    /// Whether what the worker and its children wrote until the first call of a series was handed on.
    func hasCaughtUp() -> Bool {
        let barrier = barrier ?? (output.position, errors.position)
        let hasCaughtUp = output.hasReached(barrier.output) && errors.hasReached(barrier.errors)
        self.barrier = hasCaughtUp ? nil : barrier
        return hasCaughtUp
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
