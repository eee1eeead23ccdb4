import FlowmancerCore
import Foundation
import Testing

@Suite struct ExecutionStateTests {
    private let words = [
        "_": "initial", "P": "pending", "R": "running", "C": "completed", "F": "failed", "D": "defaulted",
        "A": "aborted",
        "S": "skipped",
    ]

    @Test func everyStateHasALetterAndAWord() {
        #expect(ExecutionState.allCases.count == words.count)
        for state in ExecutionState.allCases {
            #expect(words[state.rawValue] == "\(state)")
            #expect(ExecutionState(rawValue: state.rawValue) == state)
            #expect(ExecutionState("\(state)") == state)
        }
        #expect(ExecutionState(rawValue: "X") == nil)
        #expect(ExecutionState("C") == nil)
    }

    @Test func itIsStoredAsItsLetter() throws {
        let states: [ExecutionState] = [.completed, .aborted]
        let stored = try JSONEncoder().encode(states)
        #expect(String(decoding: stored, as: UTF8.self) == #"["C","A"]"#)
        #expect(try JSONDecoder().decode([ExecutionState].self, from: stored) == states)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([ExecutionState].self, from: Data(#"["X"]"#.utf8))
        }
    }

    /// A plug-in's `switch` has a default, since states may be added.
    @Test func aSwitchOverStatesWorks() {
        let others = ExecutionState.allCases.filter { state in
            switch state {
            case .completed, .skipped: false
            default: true
            }
        }
        #expect(others.count == words.count - 2)
    }
}
