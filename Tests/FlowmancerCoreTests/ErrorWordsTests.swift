import Foundation
import FoundationNetworking
import Testing

@testable import FlowmancerCore

@Suite struct ErrorWordsTests {
    private struct Localized: LocalizedError {
        var errorDescription: String?
        var failureReason: String?
        var recoverySuggestion: String?
    }

    private struct Described: Error, CustomStringConvertible {
        var description: String
    }

    private enum Plain: Error {
        case failed(code: Int)
    }

    @Test func aLocalizedErrorSaysWhatItHasToSay() {
        let all = Localized(
            errorDescription: "The disk is full",
            failureReason: "Logs.",
            recoverySuggestion: "Remove them."
        )
        #expect(all.inWords == "The disk is full. Logs. Remove them.")
        #expect(Localized(errorDescription: "Full!", failureReason: "Full!").inWords == "Full!")
        #expect(Localized(failureReason: "It is full").inWords == "It is full")
    }

    @Test func aLocalizedErrorWithoutWordsIsReflected() {
        #expect(Localized().inWords.hasPrefix("Localized("))
        #expect(Localized(errorDescription: "").inWords.hasPrefix("Localized("))
    }

    @Test func othersAreDescribedOrReflected() {
        #expect(Described(description: "out of luck").inWords == "out of luck")
        #expect(Described(description: "").inWords == "Described")
        #expect(Plain.failed(code: 3).inWords == "failed(code: 3)")
        #expect(CancellationError().inWords == "CancellationError()")
    }

    @Test func systemErrorsAreShortAndSayWhatTheyAreAbout() throws {
        #expect(NSError(domain: "my.domain", code: 3).inWords == "my.domain 3")
        let described = NSError(
            domain: "my",
            code: -3,
            userInfo: [NSLocalizedDescriptionKey: "It \"broke\"", "k": "v"]
        )
        #expect(described.inWords == "It \"broke\" (my -3)")
        #expect(POSIXError(.ENOENT).inWords == "No such file or directory (NSPOSIXErrorDomain 2)")
        #expect(URLError(.cannotConnectToHost).inWords == "NSURLErrorDomain -1004")
        let url = URLError(
            .timedOut,
            userInfo: [
                NSLocalizedDescriptionKey: "The request timed out.",
                "NSErrorFailingURLStringKey": "https://example.org/x",
            ]
        )
        #expect(url.inWords == "The request timed out: https://example.org/x (NSURLErrorDomain -1001)")
        let missing = #expect(throws: (any Error).self) { try String(contentsOfFile: "/no/file", encoding: .utf8) }
        #expect(try #require(missing).inWords == "The file doesn’t exist: /no/file (NSCocoaErrorDomain 260)")
    }

    @Test func anErrorThatOnlyLooksLikeOneIsLeftAsItIs() {
        #expect(Described(description: "Error Domain=x").inWords == "Error Domain=x")
        #expect(Described(description: "Error Domain=x Code=1").inWords == "x 1")
    }
}
