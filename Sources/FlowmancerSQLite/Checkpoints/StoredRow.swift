import FlowmancerSystem
import GRDB

/// A row of what belongs to a run: a name, and the value that it has in this run.
///
/// Its checksum tells whether both are as they were written.
struct StoredRow: Equatable {
    /// The table that the row is in.
    enum Kind: CaseIterable {
        case tasks, sharedValues, decisions, outputs, fingerprints

        static let allTables = allCases.map(\.table)

        fileprivate var table: String {
            switch self {
            case .tasks: "tasks"
            case .sharedValues: "shared_values"
            case .decisions: "decisions"
            case .outputs: "outputs"
            case .fingerprints: "fingerprints"
            }
        }

        fileprivate var columns: (name: String, value: String) {
            switch self {
            case .tasks: ("name", "state")
            case .sharedValues: ("key", "json")
            case .decisions, .outputs: ("name", "json")
            case .fingerprints: ("name", "fingerprint")
            }
        }

        /// Inserts or replaces a row.
        fileprivate var storing: String {
            """
            INSERT INTO \(table) (run, \(columns.name), \(columns.value), checksum) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (run, \(columns.name)) DO UPDATE SET
                \(columns.value) = excluded.\(columns.value), checksum = excluded.checksum
            """
        }
    }

    let run: Int64
    let name: String
    let value: String
    private let checksum: Int

    init(run: Int64, name: String, value: String) {
        self.run = run
        self.name = name
        self.value = value
        checksum = Self.checksum(run, name, value)
    }

    private init(run: Int64, name: String, value: String, checksum: Int) {
        self.run = run
        self.name = name
        self.value = value
        self.checksum = checksum
    }

    /// Whether the row is as it was written.
    var isIntact: Bool { checksum == Self.checksum(run, name, value) }

    private static func checksum(_ run: Int64, _ name: String, _ value: String) -> Int {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count + value.utf8.count + 24)
        bytes += String(run).utf8
        bytes.append(0)
        bytes += name.utf8
        // Names and values have no NUL.
        bytes.append(0)
        bytes += value.utf8
        return Int(CRC32C.checksum(bytes))
    }

    /// Returns all rows of a run.
    static func all(_ kind: Kind, of run: Int64, _ db: Database) throws -> [StoredRow] {
        let columns = kind.columns
        let sql = "SELECT \(columns.name), \(columns.value), checksum FROM \(kind.table) WHERE run = ?"
        let rows = try Row.fetchCursor(db, sql: sql, arguments: [run])
        var result: [StoredRow] = []
        while let row = try rows.next() {
            // Bytes that are no text any more, or a value of another type, cannot match the checksum.
            let name = String.fromDatabaseValue(row[0]) ?? ""
            let value = String.fromDatabaseValue(row[1]) ?? ""
            let checksum = Int.fromDatabaseValue(row[2]) ?? -1
            result.append(StoredRow(run: run, name: name, value: value, checksum: checksum))
        }
        return result
    }

    /// Inserts the row, or replaces the one of its name.
    func store(_ kind: Kind, _ db: Database) throws {
        let sql = Self.storing[kind] ?? kind.storing
        try db.cachedStatement(sql: sql).execute(arguments: [run, name, value, checksum])
    }

    private static let storing = Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0, $0.storing) })

    /// Removes the row of this name.
    func remove(_ kind: Kind, _ db: Database) throws {
        let sql = "DELETE FROM \(kind.table) WHERE run = ? AND \(kind.columns.name) = ?"
        try db.cachedStatement(sql: sql).execute(arguments: [run, name])
    }

    /// Whether there are rows of runs from which no restart goes on.
    static func hasStrays(_ kind: Kind, _ db: Database) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM \(kind.table) WHERE run NOT IN (SELECT run FROM checkpoints))"
        return try Bool.fetchOne(db, sql: sql) ?? false
    }

    /// Removes the rows of runs from which no restart goes on.
    static func removeStrays(_ kind: Kind, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM \(kind.table) WHERE run NOT IN (SELECT run FROM checkpoints)")
    }

    /// Removes all rows of a run.
    static func removeAll(_ kind: Kind, of run: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM \(kind.table) WHERE run = ?").execute(arguments: [run])
    }
}
