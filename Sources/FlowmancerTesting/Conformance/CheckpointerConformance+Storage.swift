import Flowmancer

extension CheckpointerConformance {
    /// The rules about the three methods that every checkpointer has.
    var storageRules: [ConformanceRule] {
        [
            ConformanceRule("reading what was never written throws NoCheckpointAvailableError") {
                try await clear("conformance-missing")
                do {
                    _ = try await make().readCheckpoint(for: "conformance-missing")
                    throw ConformanceRule.Finding("something was read")
                } catch let error as NoCheckpointAvailableError {
                    let finding = "the error names the job '\(error.name)'"
                    try ConformanceRule.require(error.name == "conformance-missing", finding)
                }
            },
            ConformanceRule("what was written is read back, whatever is in it") {
                let contents = AwkwardContents.contents(named: "conformance")
                try await write(contents)
                try await expect(contents, "after a write")
                try await clear("conformance")
            },
            ConformanceRule("empty contents are not the same as none") {
                let contents = CheckpointContents(name: "conformance-empty")
                try await write(contents)
                try await expect(contents, "after a write without tasks")
                try await clear("conformance-empty")
            },
            ConformanceRule("values of a megabyte are read back") {
                let value = JSONText(rawValue: AwkwardContents.large)
                let contents = CheckpointContents(name: "conformance-large", sharedDict: ["x": value, "y": value])
                try await write(contents)
                try await expect(contents, "after a write of large values")
                try await clear("conformance-large")
            },
            ConformanceRule("a write replaces everything that was stored") {
                try await write(AwkwardContents.contents(named: "conformance"))
                let next = CheckpointContents(name: "conformance", states: ["z": .failed], fingerprints: ["y": "f"])
                try await write(next)
                try await expect(next, "after a second write")
                try await clear("conformance")
            },
            ConformanceRule("a reader sees the old contents or the new, never a mixture") {
                try await checkAtomicity()
            },
            ConformanceRule("clearing removes what is stored, and may be repeated") {
                try await write(CheckpointContents(name: "conformance", states: ["a": .completed]))
                try await clear("conformance", "conformance")
                try await expectNothing(for: "conformance", "after clearing")
            },
            ConformanceRule("jobs do not see each other, however similar their names are") {
                try await checkSeparation()
            },
            ConformanceRule("jobs that run at the same time do not disturb each other") {
                try await checkConcurrency()
            },
        ]
    }

    private func checkAtomicity() async throws {
        func version(_ number: Int) -> CheckpointContents {
            var contents = CheckpointContents(name: "conformance-atomic")
            for index in 0..<50 {
                contents.states["task-\(index)"] = ExecutionState.allCases[number % ExecutionState.allCases.count]
                contents.sharedDict["key-\(index)"] = JSONText(rawValue: "\(number)")
            }
            return contents
        }
        try await write(version(0))
        try await withThrowingTaskGroup { group in
            group.addTask { for number in 1...40 { try await write(version(number)) } }
            group.addTask {
                for _ in 0..<40 {
                    guard let found = try await read("conformance-atomic") else {
                        throw ConformanceRule.Finding("while it is replaced, nothing is found")
                    }
                    guard let number = found.sharedDict["key-0"].flatMap({ Int($0.rawValue) }), found == version(number)
                    else { throw ConformanceRule.Finding("a mixture was read") }
                }
            }
            try await group.waitForAll()
        }
        try await clear("conformance-atomic")
    }

    private func checkSeparation() async throws {
        let names = AwkwardContents.names.map { "conformance\($0)" }
        // Not ordered: one must not be found where the other was meant.
        let all = names.map { CheckpointContents(name: $0, states: [$0: .completed]) }
        for contents in all { try await write(contents) }
        for contents in all { try await expect(contents, "after other jobs were stored") }
        for contents in all {
            try await clear(contents.name)
            try await expectNothing(for: contents.name, "after clearing")
        }
        try await write(all[0])
        for name in names.dropFirst() {
            try await clear(name)
            try await expectNothing(for: name, "after another job was stored")
        }
        try await expect(all[0], "after other jobs were cleared")
        try await clear(names[0])
    }

    private func checkConcurrency() async throws {
        try await withThrowingTaskGroup { group in
            for job in 0..<8 {
                group.addTask {
                    let name = "conformance-\(job)"
                    for step in 0..<10 {
                        let contents = CheckpointContents(
                            name: name,
                            sharedDict: ["\(job)": JSONText(rawValue: "\(step)")]
                        )
                        try await write(contents)
                        try await expect(contents, "while other jobs are stored")
                    }
                    try await clear(name)
                    try await expectNothing(for: name, "while other jobs are stored, after clearing")
                }
            }
            try await group.waitForAll()
        }
    }
}
