import FlowmancerSystem
import FlowmancerTerminal
import FoundationEssentials

extension KeptRun {
    /// How long the run took, or has taken until now; `nil` if that is not known.
    var duration: Duration? {
        let end = endedAt ?? (state == .underWay ? Date() : nil)
        return end.map { .seconds(max(0, $0.timeIntervalSince(record.startedAt))) }
    }

    /// How the tasks ended, as far as the end of the run is on record.
    var summary: String {
        guard let end = end?.conclusion else { return "" }
        let counts = ExecutionState.summary { state in
            (end.counts[state] ?? 0) - (state == .failed ? end.allowedFailures : 0)
        }
        let allowed = end.allowedFailures > 0 ? "\(end.allowedFailures) failed as allowed" : ""
        return [counts, allowed].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// When the run began, by the clock of this place.
    var startText: String { record.startedAt.localText }
}

extension Date {
    /// The moment by the clock of this place, to the second.
    var localText: String {
        LocalTime(secondsSince1970: TimestampWriter.split(self).seconds).description
    }

    /// The moment for programs: ISO 8601, with microseconds, by the clock of this place.
    package var timestamp: String {
        var (writer, buffer): (TimestampWriter, [UInt8]) = (TimestampWriter(separator: "T"), [])
        writer.append(self, to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }
}

extension RunState {
    var role: TerminalStyle.Role {
        switch self {
        case .succeeded: .good
        case .failed: .bad
        case .aborted, .interrupted: .warning
        case .underWay: .active
        default: .faint
        }
    }
}

/// Rows whose columns are as wide as need be.
struct TextTable {
    /// A cell: its text, and how it is shown.
    struct Cell {
        var text: String
        var role: TerminalStyle.Role?
        var isNumber = false
    }

    private var rows: [[Cell]] = []

    mutating func add(_ cells: [Cell]) { rows.append(cells) }

    func lines(_ style: TerminalStyle) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? DisplayWidth.of($0[column].text) : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.of(cell.text)))
                let text = cell.role.map { style.paint(cell.text, $0) } ?? cell.text
                if cell.isNumber { return padding + text }
                return column == row.count - 1 ? text : text + padding
            }
            return cells.joined(separator: "  ")
        }
    }
}
