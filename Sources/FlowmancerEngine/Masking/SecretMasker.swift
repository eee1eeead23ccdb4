import FlowmancerCore

/// Masks the secrets of a job in text.
final class SecretMasker: Sendable {
    let automaton: PatternAutomaton

    /// Creates a masker.
    ///
    /// - Parameter secrets: The secrets; those that are too short are not masked.
    /// - Returns: `nil` if nothing is to be masked.
    convenience init?(_ secrets: some Sequence<String>) {
        let patterns = SecretPatterns.patterns(of: secrets)
        guard !patterns.isEmpty else { return nil }
        self.init(PatternAutomaton(patterns))
    }

    init(_ automaton: PatternAutomaton) {
        self.automaton = automaton
    }

    /// Returns text in which every secret is masked.
    func mask(_ text: String) -> String {
        var text = text
        var masked: [UInt8]?
        text.withUTF8 { bytes in
            var stream = StreamMasker(self)
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count)
            stream.append(UnsafeRawBufferPointer(bytes)) { result.append(contentsOf: $0) }
            stream.finish { result.append(contentsOf: $0) }
            if !result.elementsEqual(bytes) { masked = result }
        }
        return masked.map { String(decoding: $0, as: UTF8.self) } ?? text
    }
}

extension Optional<SecretMasker> {
    /// Returns text in which every secret is masked, if there are any.
    func mask(_ text: String) -> String { self?.mask(text) ?? text }
}
