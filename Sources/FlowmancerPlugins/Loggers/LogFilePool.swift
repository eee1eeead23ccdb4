import FlowmancerSystem
import OrderedCollections
import SystemPackage

/// The log files of a run that are in use, of which only so many are open at once.
struct LogFilePool {
    /// How many files are open at most, however many tasks write.
    static let capacity = 32
    /// How much a file collects before it is written.
    static let flushSize = 64 << 10

    private let location: LogDirectory
    /// By task; the one that was used last comes last.
    private var files: OrderedDictionary<String, LogFile> = [:]
    /// What could not be written.
    private(set) var lostLines = LostLines()

    init(directory: LogDirectory) {
        location = directory
    }

    /// The path of the directory that holds them.
    var directory: String { location.path }

    /// The name of a task's log file.
    static func fileName(of task: String) -> String { FileName.encode(task) + ".log" }

    /// Whether something waits to be written.
    var isDirty: Bool { files.values.contains { $0.pendingBytes > 0 } }

    /// Creates the log file of a task.
    mutating func begin(_ task: String) throws {
        let (file, failure) = use(task)
        try retryingWithFewerFiles { () throws(FileError) in try file.open() }
        if let failure { throw failure }
    }

    /// Adds a line to the log of a task.
    mutating func append(to task: String, _ line: (inout [UInt8]) -> Void) throws {
        let (file, failure) = use(task)
        file.append(line)
        if file.pendingBytes >= Self.flushSize {
            try retryingWithFewerFiles { () throws(FileError) in try file.flush() }
        }
        if let failure { throw failure }
    }

    /// Writes and closes the log file of a task; it stays in use if it cannot be written now.
    mutating func end(_ task: String) throws {
        guard let file = files[task] else { return }
        try retryingWithFewerFiles { () throws(FileError) in try file.flush() }
        files[task] = nil
        giveUp(file)
    }

    /// Writes what waits.
    ///
    /// - Throws: The first error, after all files were tried.
    mutating func flush() throws {
        var first: FileError?
        for file in files.values {
            do {
                try retryingWithFewerFiles { () throws(FileError) in try file.flush() }
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
    }

    /// Writes what waits, closes all files and forgets them.
    mutating func close() throws {
        defer {
            for file in files.values { giveUp(file) }
            files = [:]
            location.close()
        }
        try flush()
    }

    private mutating func giveUp(_ file: LogFile) {
        if let (lines, reason) = file.giveUp() { lostLines.add(lines, reason) }
    }

    /// Returns the file of a task, and what went wrong with the file that had to give way for it.
    private mutating func use(_ task: String) -> (file: LogFile, failure: FileError?) {
        if let last = files.elements.last, last.key == task { return (last.value, nil) }
        if let file = files.removeValue(forKey: task) {
            files[task] = file
            return (file, nil)
        }
        var failure: FileError?
        if files.count >= Self.capacity {
            let oldest = files.removeFirst().value
            do throws(FileError) {
                try retryingWithFewerFiles { () throws(FileError) in try oldest.flush() }
            } catch {
                failure = error
            }
            giveUp(oldest)
        }
        let file = LogFile(directory: location, name: Self.fileName(of: task))
        files[task] = file
        return (file, failure)
    }

    /// Where the system refuses another open file, the others are closed until they are needed again.
    private func retryingWithFewerFiles(_ body: () throws(FileError) -> Void) throws(FileError) {
        do {
            try body()
        } catch  where error.reason == .tooManyOpenFiles || error.reason == .tooManyOpenFilesInSystem {
            for file in files.values { file.close() }
            try body()
        }
    }
}
