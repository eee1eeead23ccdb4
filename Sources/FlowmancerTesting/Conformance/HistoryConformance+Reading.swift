import Flowmancer
import FoundationEssentials

extension HistoryConformance {
    /// The rules about readers.
    var readingRules: [ConformanceRule] {
        [
            ConformanceRule("a run that is not there cannot be opened") {
                let found = try await instance().openRun(RunID(), after: 0)
                try ConformanceRule.require(found == nil, "one is opened")
            },
            ConformanceRule("a reader follows a run, and misses and doubles nothing") {
                let (record, recorder) = try await begin("conformance")
                let reader = try await reader(of: record)
                var found: [RecordedEvent] = []
                var written: [RecordedEvent] = []
                for step in 0..<30 {
                    let events = RunSamples.events(step * 7 + 1...step * 7 + 7, since: record.startedAt)
                    try await recorder.append(events)
                    written += events
                    if step % 3 == 0 { found += try await self.events(reader) }
                }
                found += try await self.events(reader)
                try ConformanceRule.require(
                    found == written,
                    "of \(written.count) events, \(found.count) are found, or others"
                )
                try await end(record, recorder, after: written.count)
                try await clear("conformance")
            },
            ConformanceRule("a reader begins behind the event that it is told") {
                let (record, recorder) = try await begin("conformance")
                try await recorder.append(RunSamples.events(1...50, since: record.startedAt))
                for number in [0, 1, 25, 49, 50] {
                    let found = try await events(reader(of: record, after: number)).map(\.number)
                    try ConformanceRule.require(found == Array(number + 1..<51), "after \(number), it finds \(found)")
                }
                let reader = try await reader(of: record, after: 60)
                let found = try await events(reader)
                try ConformanceRule.require(
                    found.isEmpty,
                    "after an event that is still to come, it finds \(found.count)"
                )
                try await recorder.append(RunSamples.events(51...65, since: record.startedAt))
                let more = try await events(reader).map(\.number)
                try ConformanceRule.require(more == Array(61...65), "after 60, it finds \(more) when they come")
                try await end(record, recorder, after: 65)
                try await clear("conformance")
            },
            ConformanceRule("a reader returns as many events as it is asked for, if there are so many") {
                let (record, recorder) = try await begin("conformance")
                try await recorder.append(RunSamples.events(1...10, since: record.startedAt))
                let reader = try await reader(of: record)
                for expected in [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10], []] {
                    let found = try await reader.next(atMost: 3).events.map(\.number)
                    try ConformanceRule.require(found == expected, "\(found) is found instead of \(expected)")
                }
                try await end(record, recorder, after: 10)
                try await clear("conformance")
            },
        ]
    }
}
