/// Cuts what a worker prints into lines, without the secrets in it.
struct MaskedLines {
    private var splitter = LineSplitter()
    /// `nil` if the job has no secrets: then nothing is looked at.
    private var masker: StreamMasker?

    init(_ masker: SecretMasker?) {
        self.masker = masker.map { StreamMasker($0) }
    }

    /// Takes in a piece of the stream.
    ///
    /// - Parameter emit: Receives every line that is complete now, without its end.
    mutating func append(_ bytes: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer) -> Void) {
        guard masker != nil else { return splitter.append(bytes, emit: emit) }
        masker?.append(bytes) { splitter.append($0, emit: emit) }
    }

    /// The time after which ``showState(emit:)`` has something to show; `nil` if it has nothing.
    var pauseBeforeShowing: Duration? { splitter.pauseBeforeShowing }

    /// Hands on the present state of a line that replaces itself, unless it was shown.
    mutating func showState(emit: (UnsafeRawBufferPointer) -> Void) {
        splitter.showState(emit: emit)
    }

    /// Hands on what came after the last line feed, if anything did.
    mutating func finish(emit: (UnsafeRawBufferPointer) -> Void) {
        masker?.finish { splitter.append($0, emit: emit) }
        splitter.finish(emit: emit)
    }
}
