import Flowmancer

extension CheckpointerConformance {
    /// The rules about what is recorded between two checkpoints.
    var journalRules: [ConformanceRule] {
        [
            ConformanceRule("what was appended is there for a new instance at once, without close, as after kill -9") {
                try await checkAppending()
            },
            ConformanceRule("entries take effect in their order, within one call and over several") {
                try await checkOrder()
            },
            ConformanceRule("awkward names and values are recorded as they are") {
                let awkward = AwkwardContents.contents(named: "conformance")
                let entries =
                    awkward.states.map { JournalEntry.state(task: $0, $1, attempt: 1, outputs: awkward.outputs[$0]) }
                    + awkward.sharedDict.map { .set(key: $0, $1) }
                    + awkward.decisions.map { .decision(task: $0, $1) }
                try await check(CheckpointContents(name: "conformance"), [entries])
            },
            ConformanceRule("two spellings of a key that Swift takes for equal are one key") {
                let composed = "\u{E9}", decomposed = "e\u{301}"
                try await check(
                    CheckpointContents(name: "conformance", sharedDict: ["n\u{303}": JSONText(rawValue: "0")]),
                    [
                        [.set(key: composed, JSONText(rawValue: "1"))], [.remove(key: decomposed)],
                        [.set(key: decomposed, JSONText(rawValue: "2")), .set(key: composed, JSONText(rawValue: "3"))],
                        [.remove(key: "\u{F1}")],
                    ],
                    isExact: false
                )
            },
            ConformanceRule("what a task published is recorded with its state, and goes when the task runs again") {
                try await checkOutputs()
            },
            ConformanceRule("thousands of entries in one call, and values of a megabyte, are recorded") {
                let many = (0..<5_000).map { JournalEntry.state(task: "task-\($0)", .running, attempt: $0 % 7) }
                let large = JournalEntry.set(key: "large", JSONText(rawValue: AwkwardContents.large))
                try await check(CheckpointContents(name: "conformance"), [many, [large], [], [.remove(key: "large")]])
            },
            ConformanceRule("an entry of a kind that later versions may add is taken, and disturbs nothing") {
                let later = JournalEntry(JournalEntry.Kind(rawValue: "later"), "a", value: JSONText(rawValue: "1"))
                let start = CheckpointContents(name: "conformance", states: ["a": .pending])
                try await check(start, [[later], [.state(task: "a", .running, attempt: 1), later], []])
            },
            ConformanceRule("a journal that is opened replaces everything before it") {
                try await write(AwkwardContents.contents(named: "conformance"))
                let start = CheckpointContents(name: "conformance", states: ["x": .pending], fingerprints: ["x": "f"])
                try await check(start, [[.state(task: "x", .running, attempt: 1)]])
                try await check(start, [])
            },
            ConformanceRule("starting a journal anew while the old one is open loses nothing") {
                try await checkCompaction()
            },
            ConformanceRule("a new journal is not due for compaction, and one that is due is made short by a new one") {
                try await checkDueJournal()
            },
            ConformanceRule("synchronising while another thread appends and closes disturbs nothing") {
                try await checkSynchronisation()
            },
            ConformanceRule("closing a journal, also twice, keeps what it recorded") {
                let start = CheckpointContents(name: "conformance", states: ["a": .running])
                let (_, journal) = try await openJournal(start)
                try journal.append([.state(task: "a", .completed, attempt: 1)])
                try journal.close()
                try? journal.close()
                try await expect(CheckpointContents(name: "conformance", states: ["a": .completed]), "after closing")
                try await clear("conformance")
            },
            ConformanceRule("writing and clearing replace what a journal recorded") { try await checkEnding() },
            ConformanceRule("the journals of different jobs do not disturb each other") { try await checkJournals() },
        ]
    }

    /// Records batches one by one, and compares after each.
    ///
    /// - Parameter isExact: Whether the spelling of keys matters.
    func check(_ start: CheckpointContents, _ batches: [[JournalEntry]], isExact: Bool = true) async throws {
        let (_, journal) = try await openJournal(start)
        defer { try? journal.close() }
        var expected = start
        try await expect(expected, "after a journal was opened")
        for batch in batches {
            try journal.append(batch)
            for entry in batch { expected.apply(entry) }
            if isExact {
                try await expect(expected, "after entries were appended")
            } else {
                let found = try await read(start.name)
                let finding = "the shared dictionary is \(found?.sharedDict ?? [:]) instead of \(expected.sharedDict)"
                try ConformanceRule.require(found == expected, finding)
            }
        }
        try await clear(start.name)
    }

    private func checkAppending() async throws {
        let start = CheckpointContents(
            name: "conformance",
            states: ["a": .pending, "b": .pending],
            sharedDict: ["old": JSONText(rawValue: "1")],
            fingerprints: ["a": "f"]
        )
        try await check(
            start,
            [
                [.state(task: "a", .running, attempt: 1)], [.state(task: "a", .completed, attempt: 1)], [],
                [.set(key: "x", JSONText(rawValue: "1.10"))], [.remove(key: "old")],
                [.state(task: "new", .failed, attempt: 3)],
            ]
        )
    }

    private func checkOrder() async throws {
        func value(_ number: Int) -> JSONText { JSONText(rawValue: "\(number)") }
        try await check(
            CheckpointContents(name: "conformance"),
            [
                [.set(key: "x", value(1)), .set(key: "x", value(2)), .remove(key: "y"), .set(key: "y", value(3))],
                [.set(key: "y", value(4)), .remove(key: "y"), .remove(key: "missing")],
                [.remove(key: "x"), .set(key: "x", value(5)), .set(key: "x", value(6))],
                [.state(task: "a", .running, attempt: 1), .state(task: "a", .completed, attempt: 1)],
                [
                    .state(task: "b", .running, attempt: 1), .state(task: "b", .pending, attempt: 1),
                    .state(task: "b", .running, attempt: 2),
                ],
                [.state(task: "b", .failed, attempt: 2), .state(task: "b", .running, attempt: 3)],
                [.decision(task: "b", value(7)), .set(key: "b", value(8)), .decision(task: "b", value(9))],
            ]
        )
    }

    private func checkCompaction() async throws {
        var expected = CheckpointContents(name: "conformance", states: ["a": .running])
        let (checkpointer, journal) = try await openJournal(expected)
        try journal.append([.set(key: "x", JSONText(rawValue: "1"))])
        expected.sharedDict["x"] = JSONText(rawValue: "1")
        expected.fingerprints["a"] = "f"
        guard let next = try await checkpointer.openJournal(for: "conformance", startingFrom: expected) else {
            throw ConformanceRule.Finding("no second journal was opened")
        }
        try await expect(expected, "after a journal was started anew")
        try next.append([.set(key: "y", JSONText(rawValue: "2"))])
        try? journal.close()
        try await expect(
            CheckpointContents(
                name: "conformance",
                states: expected.states,
                sharedDict: ["x": JSONText(rawValue: "1"), "y": JSONText(rawValue: "2")],
                fingerprints: expected.fingerprints
            ),
            "after the old journal was closed"
        )
        try next.append([.remove(key: "y")])
        try next.synchronize()
        try next.close()
        try await expect(expected, "after the new journal was closed")
        try await clear("conformance")
    }

    private func checkDueJournal() async throws {
        var expected = CheckpointContents(name: "conformance")
        var (checkpointer, journal) = try await openJournal(expected)
        try ConformanceRule.require(!journal.isDueForCompaction, "a new journal is due")
        for number in 0..<40 {
            let value = JSONText(rawValue: "[\(number),\(AwkwardContents.large)]")
            try journal.append([.set(key: "x", value)])
            expected.sharedDict["x"] = value
            guard journal.isDueForCompaction else { continue }
            guard let next = try await checkpointer.openJournal(for: "conformance", startingFrom: expected) else {
                throw ConformanceRule.Finding("no second journal was opened")
            }
            try? journal.close()
            journal = next
            try ConformanceRule.require(!journal.isDueForCompaction, "a journal that was just started anew is due")
        }
        try await expect(expected, "after many large entries")
        try journal.close()
        try await clear("conformance")
    }

    private func checkSynchronisation() async throws {
        let (_, journal) = try await openJournal(CheckpointContents(name: "conformance"))
        var expected = CheckpointContents(name: "conformance")
        let synchronising = Task.detached { for _ in 0..<20 { try journal.synchronize() } }
        for number in 0..<300 {
            let entry = JournalEntry.set(key: "\(number)", JSONText(rawValue: "\(number)"))
            try journal.append([entry])
            expected.apply(entry)
        }
        try journal.close()
        try await synchronising.value
        try await expect(expected, "after synchronisations")
        try await clear("conformance")
    }

    private func checkEnding() async throws {
        let (checkpointer, journal) = try await openJournal(CheckpointContents(name: "conformance"))
        try journal.append([.state(task: "a", .running, attempt: 1), .set(key: "x", JSONText(rawValue: "1"))])
        try journal.close()
        let end = CheckpointContents(name: "conformance", states: ["a": .aborted])
        try await checkpointer.writeCheckpoint(end, for: "conformance")
        try await expect(end, "after a journal was replaced by a write")

        let second = try await openJournal(CheckpointContents(name: "conformance"))
        try second.journal.append([.state(task: "a", .completed, attempt: 1)])
        try await second.checkpointer.clearCheckpoint(for: "conformance")
        try await expectNothing(for: "conformance", "after clearing while a journal was open")
        try? second.journal.close()
        try await expectNothing(for: "conformance", "after closing the journal of a job that was cleared")
    }

    private func checkJournals() async throws {
        try await withThrowingTaskGroup { group in
            for job in 0..<4 {
                group.addTask {
                    let name = "conformance-\(job)"
                    var expected = CheckpointContents(name: name)
                    let (_, journal) = try await openJournal(expected)
                    for number in 0..<50 {
                        let entry = JournalEntry.state(task: "task-\(number)", .completed, attempt: job)
                        try journal.append([entry])
                        expected.apply(entry)
                        if number % 10 == 9 { try await expect(expected, "while other jobs are recorded") }
                    }
                    try journal.close()
                    try await clear(name)
                }
            }
            try await group.waitForAll()
        }
    }
}
