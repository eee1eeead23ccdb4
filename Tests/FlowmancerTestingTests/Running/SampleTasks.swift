import Flowmancer
import Logging

struct SampleError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Logs which of its methods is called, and throws where it is told to.
struct Chatty: FlowTask {
    @Parameter var failsIn: [String] = []

    private func say(_ method: String) throws {
        logger.info("\(method)", metadata: ["attempt": "\(metadata.attempt)"])
        if failsIn.contains(method) { throw SampleError("\(method) was told to") }
    }

    func onCreate() async throws { try say("onCreate") }
    func onRestart() async throws { try say("onRestart") }
    func run() async throws { try say("run") }
    func onSuccess() async throws { try say("onSuccess") }
    func onFailure() async throws { try say("onFailure") }
    func onAbort() async throws { try say("onAbort") }
    func onDestroy() async throws { try say("onDestroy") }
}

/// Fails in its first attempts.
struct FailsAtFirst: FlowTask {
    @Parameter var failures = 1

    func run() async throws {
        logger.debug("a detail")
        if metadata.attempt <= failures { throw SampleError("attempt \(metadata.attempt)") }
        logger.notice("done")
    }
}

/// Sleeps by the clock.
struct Sleeps: FlowTask {
    @Parameter var duration: Duration

    func run() async throws {
        logger.info("asleep")
        try await clock.sleep(for: duration)
        logger.info("awake")
        try await sharedDict.update("order", default: [String]()) { $0.append(metadata.name) }
    }

    func onAbort() async throws { logger.warning("aborted") }
}

/// Adds one.
struct Counts: FlowTask {
    func run() async throws { try await sharedDict.update("count", default: 0) { $0 += 1 } }
}

/// Publishes which attempt it was, and fails in its first attempts.
struct Publishes: FlowTask {
    @Parameter var failures = 0
    @Output("The number of the attempt.") var attempt: Int
    @Output var names: [String] = ["a"]

    mutating func run() async throws {
        attempt = metadata.attempt
        if attempt <= failures { throw SampleError("attempt \(attempt)") }
        names.append(metadata.name)
    }
}
