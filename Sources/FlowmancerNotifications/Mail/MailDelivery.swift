/// What became of a message, by recipient, over several attempts. A pure value.
package struct MailDelivery: Sendable {
    /// Who is still to get it.
    package private(set) var pending: [MailAddress]
    /// Who has it.
    private var delivered: [String] = []
    /// Who is never going to get it.
    private var refused: [SMTPConversation.Refusal] = []
    private var lastAttempt = LastAttempt.none

    /// What the last attempt came to for those who are still to get the message.
    private enum LastAttempt: Sendable {
        case none
        /// The server put them off.
        case postponed([SMTPConversation.Refusal])
        /// They could not be named, or the message could not be handed over.
        case failed(SMTPFailure)
    }

    package init(to recipients: [MailAddress]) {
        pending = recipients
    }

    /// Takes over an attempt that handed the message over, with the recipients that were refused.
    package mutating func take(_ answers: [SMTPConversation.Refusal]) {
        let named = Set(answers.map(\.recipient))
        let later = answers.filter(\.reply.isTemporary)
        delivered += pending.map(\.text).filter { !named.contains($0) }
        refused += answers.filter { !$0.reply.isTemporary }
        // Nobody gets the message twice.
        pending.removeAll { address in !later.contains { $0.recipient == address.text } }
        lastAttempt = .postponed(later)
    }

    /// Takes over an attempt that handed over nothing.
    package mutating func take(_ failure: SMTPFailure) {
        lastAttempt = .failed(failure)
    }

    /// Whether another attempt may reach somebody.
    package var isWorthAnotherAttempt: Bool {
        switch lastAttempt {
        case .none, .postponed: !pending.isEmpty
        case .failed(let failure): failure.isTemporary
        }
    }

    /// Says who did not get the message, and why; `nil` if everybody has it.
    ///
    /// - Parameters:
    ///   - server: The host and port of the server.
    ///   - mask: Masks secrets in what the server said.
    package func complaint(server: String, masking mask: (String) -> String) -> String? {
        if case .failed(let failure) = lastAttempt, delivered.isEmpty, refused.isEmpty {
            return failure.text(server: server, masking: mask)
        }
        guard !pending.isEmpty || !refused.isEmpty else { return nil }
        let takers = delivered.isEmpty ? "nobody" : "\(Self.listed(delivered)) only"
        var parts: [String] = []
        if !refused.isEmpty { parts.append("it refused \(Self.text(of: refused, mask))") }
        switch lastAttempt {
        case .postponed(let later) where !later.isEmpty: parts.append("it deferred \(Self.text(of: later, mask))")
        case .failed(let failure):
            let text = failure.text(server: server, masking: mask)
            parts.append("\(Self.listed(pending.map(\.text))) did not get it: \(text)")
        case .none, .postponed: break
        }
        return "the mail server \(server) accepted the message for \(takers): \(parts.joined(separator: "; "))"
    }

    /// What the server said to the first of them stands for what it said to the others.
    private static func text(of refusals: [SMTPConversation.Refusal], _ mask: (String) -> String) -> String {
        guard let first = refusals.first else { return "" }
        let advice = SMTPFailure.advice(for: "the recipient", first.reply)
        return "\(listed(refusals.map(\.recipient))) (\(SMTPFailure.quoted(first.reply.text, mask))), \(advice)"
    }

    /// How many are named.
    private static let shownNames = 5

    private static func listed(_ names: [String]) -> String {
        let others = names.count - shownNames
        if others > 0 {
            let shown = names.prefix(shownNames).joined(separator: ", ")
            return "\(shown) and \(others) \(others == 1 ? "other" : "others")"
        }
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }
}
