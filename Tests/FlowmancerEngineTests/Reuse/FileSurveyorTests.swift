import FlowmancerCore
import FlowmancerSystem
import Glibc
import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct FileSurveyorTests {
    private let directory: TemporaryDirectory
    private let surveyor: FileSurveyor

    init() throws {
        directory = try TemporaryDirectory()
        surveyor = try FileSurveyor(try SystemHash.system.get(), root: directory.path)
    }

    private func survey(_ patterns: String..., known: [RecordedFile] = []) -> FileSurvey {
        surveyor.survey(patterns.map { PathPattern($0) }, known: known)
    }

    private func paths(_ patterns: String...) -> [String] {
        surveyor.survey(patterns.map { PathPattern($0) }, known: []).files.map(\.path)
    }

    private func makeTree() throws {
        for name in ["data", "data/deep", "data/deep/er", "data/.hidden", ".flowmancer", "empty"] {
            try directory.makeDirectory(name)
        }
        for name in [
            "a.csv", "data/b.csv", "data/c.txt", "data/deep/d.csv", "data/deep/er/e.csv", "data/.hidden/f.csv",
            "data/.g.csv", ".flowmancer/x.csv",
        ] {
            try directory.write(Array(name.utf8), to: name)
        }
    }

    @Test func patternsFindFilesAsInShells() throws {
        try makeTree()
        #expect(paths("data/*.csv") == ["data/b.csv"])
        #expect(paths("data/?.*") == ["data/b.csv", "data/c.txt"])
        #expect(paths("**/*.csv") == ["a.csv", "data/b.csv", "data/deep/d.csv", "data/deep/er/e.csv"])
        #expect(paths("data/**/er/*") == ["data/deep/er/e.csv"])
        #expect(paths("data/deep/**") == ["data/deep/d.csv", "data/deep/er/e.csv"])
        #expect(paths("*/deep") == ["data/deep/d.csv", "data/deep/er/e.csv"])
        #expect(paths("./data//b.csv", "data/b.csv", "data/*.csv") == ["data/b.csv"])
        #expect(paths("\(directory.path)/a.csv") == ["\(directory.path)/a.csv"])
    }

    @Test func aDirectoryStandsForAllFilesInItButItsOwn() throws {
        try makeTree()
        let all = [
            "a.csv", "data/.g.csv", "data/.hidden/f.csv", "data/b.csv", "data/c.txt", "data/deep/d.csv",
            "data/deep/er/e.csv",
        ]
        #expect(paths(".") == all)
        #expect(paths("data/") == Array(all.dropFirst()))
        #expect(survey("empty") == FileSurvey())
    }

    @Test func whatIsNotThereIsNamed() throws {
        try makeTree()
        #expect(survey("a.csv", "b.csv").problem == .missing("b.csv"))
        #expect(survey("a.csv/x").problem == .missing("a.csv/x"))
        #expect(survey("data/*.pdf").problem == .unmatched("data/*.pdf"))
        #expect(survey("nowhere/**/x").problem == .unmatched("nowhere/**/x"))
        mkfifo("\(directory.path)/pipe", 0o600)
        #expect(survey("pipe").problem == .noFile("pipe"))
        // A pipe within a directory is none of its files.
        #expect(survey(".").problem == nil)
    }

    @Test func linksCountByWhatTheyLeadTo() throws {
        try makeTree()
        symlink("../a.csv", "\(directory.path)/data/link.csv")
        symlink(".", "\(directory.path)/data/circle")
        symlink("void", "\(directory.path)/data/broken")
        #expect(paths("data/link.csv") == ["data/link.csv"])
        #expect(survey("data/link.csv").files.first?.contents == survey("a.csv").files.first?.contents)
        let before = survey("data").files
        #expect(before.map(\.path).contains("data/broken") && before.map(\.path).contains("data/circle"))
        unlink("\(directory.path)/data/broken")
        symlink("other", "\(directory.path)/data/broken")
        #expect(FileDifference(from: before, to: survey("data").files) == .changed("data/broken"))
        #expect(survey("data/broken").problem == .missing("data/broken"))
    }

    @Test func contentsAreHashedAsEverywhere() throws {
        try directory.write(Array("abc".utf8), to: "abc")
        try directory.write([UInt8](repeating: 0x61, count: 1_000_000), to: "many")
        func digest(_ name: String) throws -> String {
            var text: [UInt8] = []
            try #require(survey(name).files.first).contents.append(to: &text)
            return String(decoding: text, as: UTF8.self)
        }
        #expect(try digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(try digest("many") == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        // RFC 4231, test case 2, with a key of a shorter length.
        let hash = try SystemHash.system.get()
        var text: [UInt8] = []
        hash.authenticate(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)).append(to: &text)
        #expect(
            String(decoding: text, as: UTF8.self) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
    }

    @Test func aFileWithAKnownSignatureIsNotRead() throws {
        try directory.write(Array("one".utf8), to: "a")
        var status = stat()
        lstat("\(directory.path)/a", &status)
        let known = RecordedFile("a", ContentDigest([UInt8](repeating: 7, count: 32)), FileSignature(status))
        #expect(survey("a", known: [known]).files == [known])
        // The next change within the same step of the clock would leave no trace.
        #expect(survey("a").files.first?.signature == nil)
        try directory.write(Array("two".utf8), to: "a")
        #expect(survey("a", known: [known]).files.first?.contents != known.contents)
    }

    @Test func aSignatureIsTrustedOnceTheClockHasMovedOn() {
        let second: Int64 = 1_000_000_000
        let fine = FileSignature(size: 1, modified: 5 * second + 1, changed: 5 * second + 7, inode: 1)
        #expect(!fine.isSettled(at: 5 * second + 50_000_000) && fine.isSettled(at: 5 * second + 200_000_000))
        let coarse = FileSignature(size: 1, modified: 4 * second, changed: 4 * second, inode: 1)
        #expect(!coarse.isSettled(at: 6 * second) && coarse.isSettled(at: 7 * second))
        #expect(!fine.isSettled(at: second))
    }
}
