import FlowmancerCore
import FlowmancerSystem
import FoundationEssentials
import Synchronization

/// Reads the file of a run line by line, also while it is written.
final class RunFileReader: RunReader {
    private let path: String
    private let file: RunFile
    private let state: Mutex<State>

    private struct State {
        /// The number of the line that comes next, from 1.
        var line = 1
        /// The number of the last event that was passed over or handed out.
        var lastNumber = 0
        /// Where the bytes begin that were not read yet.
        var offset = 0
        /// What was read of the lines that come next.
        var bytes: [UInt8] = []
        var start = 0
        /// The tasks, which not everybody asks for; `nil` if their line is damaged.
        var shape: JSONText?
        var problem: HistoryProblem?
    }

    /// How much is read at once.
    private static let portion = 1 << 18

    private let first: Int

    /// - Parameter number: The number of the event behind which to begin.
    init(_ file: RunFile, path: String, after number: Int) {
        self.file = file
        self.path = path
        first = number
        state = Mutex(State())
    }

    func run() throws -> KeptRun { try file.run().run }

    func shape() throws -> RunShape? {
        state.withLock { state in
            passHead(&state)
            return state.shape.flatMap(RunShape.init(json:))
        }
    }

    func next(atMost limit: Int) throws -> RecordedEvents {
        state.withLock { state in
            passHead(&state)
            var events: [RecordedEvent] = []
            while events.count < limit, state.problem == nil, let line = nextLine(&state) {
                guard let event = RunFileFormat.json(of: line, in: state.bytes).flatMap(RecordedEvent.init(json:)),
                    event.number == state.lastNumber + 1
                else {
                    let reason = "is damaged from line \(state.line - 1) on; what follows is not shown"
                    state.problem = HistoryProblem(place: path, reason: reason)
                    break
                }
                state.lastNumber = event.number
                if event.number > first { events.append(event) }
            }
            return RecordedEvents(events, problem: state.problem)
        }
    }

    private func passHead(_ state: inout State) {
        if state.line == 1 { _ = nextLine(&state) }
        if state.line == 2, let line = nextLine(&state) {
            state.shape = RunFileFormat.json(of: line, in: state.bytes)
        }
    }

    /// Returns where the next line is in the bytes, without its line feed; `nil` if there is none that was written whole.
    private func nextLine(_ state: inout State) -> Range<Int>? {
        var searched = state.start
        while true {
            if let end = state.bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer {
                    state.start = end + 1
                    state.line += 1
                }
                return state.start..<end
            }
            let more = file.descriptor.read(from: state.offset, Self.portion)
            guard !more.isEmpty else { return nil }
            state.offset += more.count
            searched = state.bytes.count - state.start
            state.bytes.removeSubrange(..<state.start)
            state.start = 0
            state.bytes += more
        }
    }
}
