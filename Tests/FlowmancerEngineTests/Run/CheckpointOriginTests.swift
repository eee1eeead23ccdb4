import FoundationEssentials
import Glibc
import Testing

@testable import FlowmancerEngine

@Suite struct CheckpointOriginTests {
    @Test func withoutTwoPathsThereIsNothingToCompare() {
        for (recorded, present) in [(nil, nil), ("/a", nil), (nil, "/b"), ("/a", "/a")] as [(String?, String?)] {
            let origin = CheckpointOrigin(recorded: recorded, present: present) { _, _ in .different }
            #expect(origin == .same)
            #expect(origin.refusal(job: "j") == nil)
        }
    }

    /// Swift takes both spellings of `é` for equal; the file system does not.
    @Test func pathsAreComparedByteByByte() {
        #expect(CheckpointOrigin(recorded: "/\u{E9}", present: "/e\u{301}") { _, _ in .different } == .other("/\u{E9}"))
    }

    @Test(
        arguments: [
            (.sameFile, .same), (.missing, .moved(from: "/a")), (.sameText, .copy(of: "/a")),
            (.different, .other("/a")),
        ] as [(JobFileComparison, CheckpointOrigin)]
    )
    func onlyAnotherTextIsAnotherJob(comparison: JobFileComparison, expected: CheckpointOrigin) {
        let origin = CheckpointOrigin(recorded: "/a", present: "/b") { _, _ in comparison }
        #expect(origin == expected)
        #expect((origin.refusal(job: "j") != nil) == (comparison == .different))
    }

    @Test func filesAreTheSameBelowAllTheirNames() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "origin-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: "\(directory)/sub", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)"))
        }
        func compare(_ recorded: String, _ present: String = "a") -> JobFileComparison {
            JobFileComparison("\(directory)/\(recorded)", "\(directory)/\(present)")
        }
        try write("x: 1", to: "a")
        try write("x: 1", to: "sub/copy")
        try write("x: 2", to: "sub/other")
        try #require(symlink("a", "\(directory)/symbolic") == 0)
        try #require(link("\(directory)/a", "\(directory)/hard") == 0)
        try #require(symlink("gone", "\(directory)/dangling") == 0)
        for name in ["a", "symbolic", "hard", "sub/../a"] { #expect(compare(name) == .sameFile, "\(name)") }
        for name in ["gone", "a/b", "dangling", "sub"] { #expect(compare(name) == .missing, "\(name)") }
        #expect(compare("sub/copy") == .sameText)
        #expect(compare("sub/other") == .different)
        #expect(compare("sub/other", "gone") == .different)
    }
}
