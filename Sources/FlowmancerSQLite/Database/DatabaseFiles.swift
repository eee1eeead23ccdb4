import FlowmancerSystem

/// The files of a database that is open, by which it is noticed if one of them was removed or replaced since.
///
/// SQLite goes on with the files that it opened, whatever became of their names, and nobody ever reads what it writes there.
/// Only names are looked at: closing a descriptor of a file would drop the locks that this process has on it by SQLite.
struct DatabaseFiles: Sendable {
    /// A file that is no longer what it was.
    enum Loss: Sendable, Hashable {
        case database
        /// The log, or its index: the end of the name.
        case log(String)
    }

    private let known: [(loss: Loss, path: String, identity: FileIdentity)]

    /// - Parameter path: The database, which is open, without links.
    init(_ path: String) {
        known = [Loss.database, .log("-wal"), .log("-shm")].compactMap { loss in
            let file = if case .log(let suffix) = loss { path + suffix } else { path }
            return FileIdentity(of: file).map { (loss, file, $0) }
        }
    }

    /// The first file that was removed or replaced; `nil` if all are in place.
    var loss: Loss? { known.first { FileIdentity(of: $0.path) != $0.identity }?.loss }
}
