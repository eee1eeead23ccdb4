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
        if text.holdsSystemBytes {
            return text.systemBytes.withUnsafeBytes(masked).map { String(systemBytes: $0) } ?? text
        }
        var text = text
        let result = text.withUTF8 { masked(UnsafeRawBufferPointer($0)) }
        return result.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// - Returns: `nil` if there is no secret in it.
    private func masked(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var stream = StreamMasker(self)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        stream.append(bytes) { result.append(contentsOf: $0) }
        stream.finish { result.append(contentsOf: $0) }
        return result.elementsEqual(bytes) ? nil : result
    }
}

extension Optional<SecretMasker> {
    /// Returns text in which every secret is masked, if there are any.
    func mask(_ text: String) -> String { self?.mask(text) ?? text }
}
