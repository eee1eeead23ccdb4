import Foundation
import Testing

/// What people write for other tools, written as job files and run by the real program.
@Suite(.ownThread) struct PeerExampleTests {
    @Test func everyExampleIsRead() {
        #expect(PeerExample.all.count == PeerExample.fileCount)
        #expect(PeerExample.all.count >= 30)
        #expect(PeerExample.all.allSatisfy { !$0.runs.isEmpty })
    }

    @Test(arguments: PeerExample.all)
    func itEndsAsExpected(_ example: PeerExample) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.copyItem(
            atPath: PeerExample.folder.appending(path: "jobs").path,
            toPath: sandbox.path("jobs")
        )
        try FileManager.default.copyItem(
            atPath: PeerExample.folder.appending(path: example.name).path,
            toPath: sandbox.path("peer.yaml")
        )
        for (index, run) in example.runs.enumerated() {
            for change in run.changes { try apply(change, in: sandbox) }
            try? FileManager.default.removeItem(atPath: sandbox.path("states.txt"))
            let result = try sandbox.start(Self.job, run.arguments).wait()
            let comment = Comment(rawValue: "run \(index + 1): \(result.output)\(result.errors)")
            #expect(result.exitCode == run.exitCode, comment)
            #expect(try sandbox.finalStates() == run.states, comment)
            for expectation in run.expectations { try check(expectation, in: sandbox, comment) }
        }
    }

    /// Includes the example, and records its states.
    private static let job = """
        config: {name: peer}
        include: [./peer.yaml]
        extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}
        """

    private func apply(_ change: PeerExample.Change, in sandbox: Sandbox) throws {
        switch change {
        case .write(let file, let text):
            let folder = URL(filePath: sandbox.path(file)).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try sandbox.write("\(text)\n", to: file)
        case .touch(let file):
            let attributes: [FileAttributeKey: Any] = [.modificationDate: Date().addingTimeInterval(10)]
            try FileManager.default.setAttributes(attributes, ofItemAtPath: sandbox.path(file))
        case .remove(let file): try FileManager.default.removeItem(atPath: sandbox.path(file))
        }
    }

    private func check(
        _ expectation: PeerExample.Expectation,
        in sandbox: Sandbox,
        _ comment: Comment
    ) throws {
        switch expectation {
        case .ran(let tasks): #expect(try Set(sandbox.beginnings()) == tasks, comment)
        case .attempts(let task, let count): #expect(try sandbox.beginnings().count { $0 == task } == count, comment)
        case .order(let tasks): #expect(try sandbox.beginnings().filter(tasks.contains) == tasks, comment)
        case .log(let task, let line):
            #expect(try sandbox.log(task.replacing("/", with: "%2F")).first == "INFO - \(line)", comment)
        case .file(let name, let text):
            #expect(try sandbox.read(name).trimmingCharacters(in: .newlines) == text, comment)
        }
    }
}
