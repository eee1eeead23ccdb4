import Flowmancer

extension CheckpointerConformance {
    func checkOutputs() async throws {
        func value(_ number: Int) -> JSONText { JSONText(rawValue: "{\"n\":\(number).0}") }
        func end(_ task: String, _ outputs: JSONText?) -> JournalEntry {
            .state(task: task, .completed, attempt: 1, outputs: outputs)
        }
        try await check(
            CheckpointContents(
                name: "conformance",
                states: ["old": .completed, "kept": .completed],
                outputs: ["old": value(1), "kept": value(2)]
            ),
            [
                [end("a", value(3)), end("b", nil)], [.state(task: "old", .running, attempt: 1)],
                [end("old", value(4))],
                [.state(task: "a", .running, attempt: 2), end("a", value(5)), end("c", value(6)), end("c", nil)],
                [end("a", value(7)), .state(task: "a", .running, attempt: 3)],
                [.state(task: "old", .failed, attempt: 2)],
                [end("large", JSONText(rawValue: "{\"x\":\(AwkwardContents.large)}"))],
            ]
        )
    }
}
