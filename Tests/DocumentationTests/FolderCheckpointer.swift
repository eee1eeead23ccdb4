import Flowmancer
import Foundation
import Synchronization

/// Keeps the progress of every job in a file: a line with the contents, and one for every step since.
struct FolderCheckpointer: FlowCheckpointer {
    @Parameter("The directory of the files.") var folder = "./checkpoints"

    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        let file = file(name, "checkpoint")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        // Atomic: a reader finds the old file or the new one.
        try (JSONEncoder().encode(contents) + [UInt8(ascii: "\n")]).write(to: file, options: .atomic)
    }

    func readCheckpoint(for name: String) async throws -> CheckpointContents {
        guard let data = FileManager.default.contents(atPath: file(name, "checkpoint").path) else {
            throw NoCheckpointAvailableError(name)
        }
        // A line that a crash cut off has no line feed. It counts as not written.
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        var contents = try JSONDecoder().decode(CheckpointContents.self, from: lines.first ?? Data())
        for line in lines.dropFirst() {
            contents.apply(try JSONDecoder().decode(JournalEntry.self, from: line))
        }
        return contents
    }

    func clearCheckpoint(for name: String) async throws {
        let file = file(name, "checkpoint")
        if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
    }

    func openJournal(
        for name: String,
        startingFrom contents: CheckpointContents
    ) async throws -> (any CheckpointJournal)? {
        try await writeCheckpoint(contents, for: name)
        let handle = try FileHandle(forUpdating: file(name, "checkpoint"))
        return FolderJournal(handle, length: try handle.seekToEnd())
    }

    func acquireLock(for name: String) async throws -> (any CheckpointLock)? {
        let file = file(name, "lock")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CheckpointLockedError(name: name, holder: "see who has \(file.path) open")
        }
        return FolderLock(descriptor)
    }

    /// A name can contain anything and be long, so it is encoded and cut into directories.
    private func file(_ name: String, _ kind: String) -> URL {
        let encoded = Data("\(name).".utf8).base64EncodedString().replacing("/", with: "_")
        var url = URL(filePath: folder)
        var rest = Substring(encoded)
        while !rest.isEmpty {
            url.append(path: String(rest.prefix(200)))
            rest = rest.dropFirst(200)
        }
        return url.appendingPathExtension(kind)
    }
}

/// Appends the steps of a run to the job's file.
final class FolderJournal: CheckpointJournal {
    private let state: Mutex<(handle: FileHandle?, length: UInt64, start: UInt64)>

    init(_ handle: FileHandle, length: UInt64) {
        state = Mutex((handle, length, length))
    }

    /// Writes all lines with one call: the system has them, even if the process is killed next.
    func append(_ entries: [JournalEntry]) throws {
        var data = Data()
        for entry in entries { data += try JSONEncoder().encode(entry) + [UInt8(ascii: "\n")] }
        try state.withLock { state in
            guard let handle = state.handle else { throw CocoaError(.fileWriteUnknown) }
            do {
                try handle.write(contentsOf: data)
                state.length += UInt64(data.count)
            } catch {
                // A part of a line would make everything after it unreadable.
                try? handle.truncate(atOffset: state.length)
                throw error
            }
        }
    }

    /// Waits for the disk. Other threads can append meanwhile.
    func synchronize() throws {
        try state.withLock { $0.handle }?.synchronize()
    }

    var isDueForCompaction: Bool { state.withLock { $0.length - $0.start > 16 << 20 } }

    func close() throws {
        state.withLock { $0.handle = nil }
    }
}

/// Refuses other runs until it is released or its process ends.
final class FolderLock: CheckpointLock {
    private let descriptor: Mutex<Int32?>

    init(_ descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }
}
