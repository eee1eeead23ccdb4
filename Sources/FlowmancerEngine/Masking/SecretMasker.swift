import FlowmancerCore
import Synchronization

/// Masks the secrets of a job in text.
final class SecretMasker: Sendable {
    /// What is masked at some time. Secrets are added, but none is taken away.
    struct Contents {
        var automaton: PatternAutomaton
        /// How often secrets were added.
        var version = 0
    }

    private struct State {
        var secrets: Set<String> = []
        var contents: Contents
    }

    private let state: Mutex<State>

    /// Creates a masker.
    ///
    /// - Parameters:
    ///   - secrets: The secrets; those that are too short are not masked.
    ///   - mayGrow: Whether the run may add others.
    /// - Returns: `nil` if nothing is to be masked.
    convenience init?(_ secrets: some Sequence<String>, mayGrow: Bool = false) {
        let patterns = SecretPatterns.patterns(of: secrets)
        guard mayGrow || !patterns.isEmpty else { return nil }
        self.init(PatternAutomaton(patterns), of: mayGrow ? Set(secrets) : [])
    }

    init(_ automaton: PatternAutomaton, of secrets: Set<String> = []) {
        state = Mutex(State(secrets: secrets, contents: Contents(automaton: automaton)))
    }

    /// What is masked now.
    var contents: Contents { state.withLock { $0.contents } }

    /// Masks other texts, too, from now on.
    func add(_ secrets: Set<String>) {
        state.withLock { state in
            guard !secrets.isSubset(of: state.secrets) else { return }
            state.secrets.formUnion(secrets)
            state.contents.automaton = PatternAutomaton(SecretPatterns.patterns(of: state.secrets))
            state.contents.version += 1
        }
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
