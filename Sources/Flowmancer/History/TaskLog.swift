import FlowmancerEngine
import FlowmancerSystem
import FlowmancerTerminal
import Glibc
import SystemPackage

/// The log of a task of a kept run, in the file of its logger.
struct TaskLog {
    private let task: String
    private let node: Int
    private let paths: [String]

    /// How often it is looked for more.
    private static let interval = Duration.milliseconds(100)
    private static let portion = 1 << 18

    /// - Throws: ``UsageError`` if the run has no such task, or no logger that writes files.
    init(of task: String, in open: OpenRun) throws {
        let nodes = open.digest.nodes
        guard let node = nodes.find(task) else {
            let near = task.nearest(among: nodes.indices.lazy.map { nodes[$0].name })
            let hint = near.map { "; did you mean '\($0.printable)'?" } ?? ""
            throw UsageError(text: "the run has no task '\(task.printable)'\(hint)")
        }
        guard open.digest.isTold(node) || !nodes[node].isGroup else {
            let members = nodes.indices.filter { nodes[$0].group == node }.map { nodes[$0].name }
            let names = members.isEmpty ? "it has no members so far" : "name one of \(members.listed(atMost: 5))"
            throw UsageError(text: "'\(task.printable)' is a group, whose members have logs: \(names)")
        }
        guard !open.run.record.logDirectories.isEmpty else {
            throw UsageError(text: "the job had no logger that writes a file for each task, such as FileLogger")
        }
        self.task = task
        self.node = node
        paths = open.run.record.logPaths(of: task)
    }

    /// Prints the whole log.
    func printAll(of open: OpenRun) throws {
        guard let file = try file() else { return try explainAbsence(open) }
        var offset = 0
        while case let bytes = file.read(from: offset, Self.portion), !bytes.isEmpty {
            try CommandOutput.print(bytes[...])
            offset += bytes.count
        }
    }

    /// Prints what an attempt wrote.
    func printAttempt(_ attempt: Int, of open: OpenRun) throws {
        let attempts = open.digest.tasks[node].attempts
        guard var part = LogPart(attempt, of: attempts) else {
            let known = attempts.isEmpty ? "it has not run" : "its last one is \(attempts.last?.number ?? 0)"
            throw UsageError(text: "the task '\(task.printable)' has had no attempt \(attempt): \(known)")
        }
        guard let file = try file() else { return try explainAbsence(open) }
        var (offset, rest): (Int, [UInt8]) = (0, [])
        while case let bytes = file.read(from: offset, Self.portion), !bytes.isEmpty {
            offset += bytes.count
            rest += bytes
            guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
            try Self.write(lines: rest[...end], in: &part)
            rest.removeSubrange(...end)
        }
        try Self.write(lines: rest[...], in: &part)
    }

    /// Prints the log, and goes on as the task writes until it has ended, or nobody will write any more.
    func follow(_ open: inout OpenRun) async throws {
        var file = try file()
        var offset = 0
        while true {
            // Asked first: what a task writes is in its log shortly after it has ended.
            let isOver = open.digest.state(of: node).isFinal || open.run.state != .underWay
            if isOver { try? await Task.sleep(for: Self.flushTime) }
            file = try file ?? self.file()
            while let bytes = file?.read(from: offset, Self.portion), !bytes.isEmpty {
                try CommandOutput.print(bytes[...])
                offset += bytes.count
            }
            if isOver { break }
            try await Task.sleep(for: Self.interval)
            try await open.update()
        }
        if file == nil { try explainAbsence(open) }
    }

    /// How long a logger may keep lines before it writes them.
    private static let flushTime = Duration.milliseconds(300)

    // MARK: Files

    /// Opens the file; `nil` if there is none.
    private func file() throws -> OwnedDescriptor? {
        for path in paths {
            do throws(Errno) {
                return try OwnedDescriptor(path, O_RDONLY | O_NONBLOCK)
            } catch .noSuchFileOrDirectory {
                continue
            } catch {
                throw FileError("read the log", path, error, setting: "base_log_dir")
            }
        }
        return nil
    }

    private func explainAbsence(_ open: OpenRun) throws {
        guard open.digest.tasks[node].attempts.isEmpty else {
            throw UsageError(
                text: "there is no log of '\(task.printable)': it was removed, or its logger left the task out "
                    + "(\(paths.map(\.printable).joined(separator: ", ")))"
            )
        }
        let reason = open.digest.tasks[node].reason.map { ": \($0)" } ?? ""
        let state = open.digest.state(of: node)
        Console.standard.printError("The task '\(task.printable)' has not run (\(state))\(reason).".printableLines)
    }

    private static func write(lines: ArraySlice<UInt8>, in part: inout LogPart) throws {
        var start = lines.startIndex
        while start < lines.endIndex {
            let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? lines.endIndex
            if part.contains(lines[start..<end]) { try CommandOutput.print(lines[start..<end]) }
            start = end
        }
    }
}
