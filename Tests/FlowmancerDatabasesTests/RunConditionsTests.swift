import FlowmancerCore
import FlowmancerDatabases
import FoundationEssentials
import Testing

struct RunConditionsTests {
    private let dialect = RunConditions.Dialect(
        placeholder: { "$\($0)" },
        job: { "job = \($0)" },
        idPart: { "strpos(id, \($0)) > 0" }
    )

    @Test func everyConditionHasItsArgument() {
        var query = RunQuery()
        #expect(RunConditions(query, dialect).clause.isEmpty)
        query.job = "a\\b"
        query.idPart = "7f"
        query.since = Date(timeIntervalSince1970: 10)
        query.until = Date(timeIntervalSince1970: 20)
        query.states = [.succeeded, .failed]
        let conditions = RunConditions(query, dialect)
        #expect(
            conditions.clause == """
                WHERE job = $1 AND strpos(id, $2) > 0 AND started_at >= $3 AND started_at <= $4 \
                AND (state = $5 OR state = $6)
                """
        )
        #expect(conditions.arguments == ["a\\\\b", "7f", "9999999", "20000001", "failed", "succeeded"])
    }

    @Test func howARunWithoutAnEndStandsIsFoundOutLater() {
        var query = RunQuery()
        query.states = [.underWay]
        #expect(RunConditions(query, dialect).clause == "WHERE (state = $1 OR state IS NULL)")
        query.states = []
        #expect(RunConditions(query, dialect).clause == "WHERE 1 = 0")
    }

    @Test func aTimeThatNoRunCanHaveIsNoCondition() {
        var query = RunQuery()
        query.since = Date(timeIntervalSince1970: -1e300)
        query.until = Date(timeIntervalSince1970: .infinity)
        #expect(RunConditions(query, dialect).clause.isEmpty)
    }
}
