import Flowmancer
import Foundation

struct UnknownAccount: PermanentFailure, CustomStringConvertible {
    let account: String
    var description: String { "there is no account '\(account)'" }
}

struct Charge: FlowTask {
    @Parameter var account: String

    func run() async throws {
        guard account.hasPrefix("A-") else { throw UnknownAccount(account: account) }
        print("charging \(account)")
    }
}

func makeUploadJob() -> JobDefinition {
    var job = JobDefinition(name: "upload")
    job.configuration.timeout = .limited(to: .seconds(7_200))
    job.configuration.maxFailures = 10
    job.addTask("upload", Send.self) {
        $0.maxAttempts = 6
        $0.backoff = Backoff(first: .seconds(1), factor: 2, max: .seconds(120), jitter: 0.5)
        $0.retryOn = [.timeout, .crash, .exitCodes(137...140), .errors(of: URLError.self)]
    }
    return job
}
