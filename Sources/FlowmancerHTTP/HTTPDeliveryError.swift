import FlowmancerCore

/// An error that says why a request failed.
package struct HTTPDeliveryError: Error, Sendable, CustomStringConvertible {
    /// Who should have taken it: of a URL only the host, since the rest may be secret.
    package var host: String
    package var outcome: HTTPOutcome
    /// How often the request was sent.
    package var attempts: Int
    /// What to do if the answer says that the request was wrong: "check 'webhook'".
    package var advice: String

    package var description: String {
        let times = attempts > 1 ? " (\(attempts) attempts)" : ""
        switch outcome {
        case .answer(let status, _, let detail):
            let said = detail.isEmpty ? "" : ": \(detail.printable)"
            return "\(host) answered with status \(status)\(times)\(said); \(advice(for: status))"
        case .noConnection(let reason):
            return
                "\(host) cannot be reached\(times): \(reason.printable); check that the service is running, and \(advice)"
        case .noHTTP:
            return "\(host) did not answer with HTTP\(times); check the port, and \(advice)"
        case .noEncryption(let failure):
            let todo = failure == .untrusted ? "set 'ca_file' to the certificate of the authority" : advice
            return "the connection to \(host) could not be encrypted\(times): \(failure.text); \(todo)"
        case .noAuthorities(let failure):
            return failure.text
        case .timeout(let limit):
            let limit = Self.text(of: limit)
            return "\(host) did not answer within \(limit)\(times); check that the service is running, and \(advice)"
        case .invalidRequest(let reason):
            return "the request to \(host) cannot be sent: \(reason.printable); \(advice)"
        }
    }

    /// Whether the server would refuse the same request again, but perhaps not another one.
    package var isRefusal: Bool {
        switch outcome {
        case .answer, .invalidRequest: !outcome.isTemporary
        case .noConnection, .noEncryption, .noAuthorities, .noHTTP, .timeout: false
        }
    }

    /// A limit may be what was left of another one: tenths of a second are enough.
    private static func text(of limit: Duration) -> String {
        Duration.milliseconds(Int64((limit / .milliseconds(100)).rounded()) * 100).text
    }

    private func advice(for status: Int) -> String {
        switch status {
        case 429: "it accepts no more messages for now"
        case 500...: "the error is on the server's side"
        case 300..<400: "the service has moved: \(advice)"
        default: advice
        }
    }
}
