import Flowmancer

/// Stores how much there is to do.
struct CountRecords: FlowTask {
    @Parameter("Where the records come from.") var source: String
    @Parameter var limit = 1_000

    func run() async throws {
        guard source.hasPrefix("https://") else { throw SourceError(source: source) }
        logger.info("counting", metadata: ["source": "\(source)"])
        try await sharedDict.set("records", to: min(limit, 250))
    }

    func onFailure() async throws { logger.error("no records from \(source)") }
}

struct SourceError: Error, Equatable {
    var source: String
}

/// Waits until there are enough records.
struct AwaitRecords: FlowTask {
    @Parameter var minimum: Int

    func run() async throws {
        while try await sharedDict.getIfPresent("records", as: Int.self) ?? 0 < minimum {
            logger.info("not yet")
            try await clock.sleep(for: .seconds(60))
        }
    }
}
