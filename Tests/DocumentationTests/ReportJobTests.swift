import Flowmancer
import FlowmancerTesting
import Testing

/// The job of an article whose tasks hand values on.
@Suite struct ReportJobTests {
    @Test func theValuesReachTheReport() async throws {
        let run = try await runJob(makeReportJob()).requireSuccess()
        #expect(run.path(of: "print").last == .completed)
        #expect(try run.outputs(of: "count").get("word_count", as: Int.self) == 6)
        #expect(run.checkpoint.decisions["print"]?.rawValue.contains(#""$OUT{count.word_count}":6"#) == true)
    }
}
