package import FlowmancerTerminal
package import Synchronization
package import SystemPackage

/// Shows what a terminal would, as far as the console uses it.
package final class FakeTerminal: Sendable {
    package struct State {
        package var rows: [String] = [""]
        package var row = 0
        package var column = 0
        package var writes = 0
        package var written = ""
        package var size = TerminalSize(columns: 40, rows: 10)
        package var isForeground = true
        package var failure: Errno?
    }

    package let state = Mutex(State())

    package init() {}

    package var screen: [String] { state.withLock { Array($0.rows.dropLast($0.rows.last == "" ? 1 : 0)) } }
    package var writes: Int { state.withLock { $0.writes } }
    package var written: String { state.withLock { $0.written } }

    package func stream(isTerminal: Bool = true) -> ConsoleStream {
        ConsoleStream(
            isTerminal: isTerminal,
            isForeground: { self.state.withLock { $0.isForeground } },
            write: { bytes in
                if let failure = self.state.withLock({ $0.failure }) { return failure }
                self.write(String(decoding: bytes, as: UTF8.self))
                return nil
            }
        )
    }

    package func console(errors: FakeTerminal? = nil, isTerminal: Bool = true) -> Console {
        Console(
            output: stream(isTerminal: isTerminal),
            errorOutput: (errors ?? self).stream(isTerminal: isTerminal && errors == nil),
            size: { self.state.withLock { $0.size } },
            style: .plain
        )
    }

    private func write(_ text: String) {
        state.withLock { state in
            state.writes += 1
            state.written += text
            var rest = Substring(text)
            while let character = rest.popFirst() {
                switch character {
                case "\n":
                    state.row += 1
                    state.column = 0
                    if state.row == state.rows.count { state.rows.append("") }
                case "\r": state.column = 0
                case "\u{1B}":
                    let end = rest.dropFirst().firstIndex { $0.isLetter } ?? rest.startIndex
                    let sequence = rest[...end]
                    rest = rest[rest.index(after: end)...]
                    Self.obey(sequence, &state)
                default:
                    var row = Array(state.rows[state.row])
                    while row.count <= state.column { row.append(" ") }
                    row[state.column] = character
                    state.rows[state.row] = String(row)
                    state.column += 1
                }
            }
        }
    }

    private static func obey(_ sequence: Substring, _ state: inout State) {
        switch sequence.last {
        case "A": state.row = max(0, state.row - (Int(sequence.dropFirst().dropLast()) ?? 1))
        case "K": state.rows[state.row] = String(state.rows[state.row].prefix(state.column))
        case "J":
            state.rows[state.row] = String(state.rows[state.row].prefix(state.column))
            state.rows.removeSubrange((state.row + 1)...)
        default: break
        }
    }
}
