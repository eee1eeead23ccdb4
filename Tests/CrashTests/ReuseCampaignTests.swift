import Foundation
import ProgramTestSupport
import Testing

/// Jobs with `reuse` whose files change and whose engines die; `swift run crash-campaign --reuse` performs as many rounds as
/// one likes.
@Suite(.ownThread) struct ReuseCampaignTests {
    @Test func noTaskIsEverUpToDateThatIsNot() throws {
        let result = try CrashCampaignTests.campaign("--reuse", "--rounds", "10", "--seed", "1")
        #expect(result.exitCode == 0, "\(result.output)")
        #expect(result.output.contains("10 rounds, "))
    }
}
