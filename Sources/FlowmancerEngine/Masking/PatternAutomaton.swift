import DequeModule

/// Finds many byte sequences at once in a stream of bytes (Aho and Corasick, https://doi.org/10.1145/360825.360855).
///
/// The cost of a byte does not depend on how many patterns there are.
struct PatternAutomaton: Sendable {
    /// The state before the first byte, and after bytes with which no pattern begins.
    static let start: UInt32 = 0

    /// The states that follow the start, by byte.
    private var first = [UInt32](repeating: PatternAutomaton.start, count: 256)
    /// The other edges of state `n`, ordered by byte, are `edges[edgeStart[n]..<edgeStart[n + 1]]`.
    private var edges: [(byte: UInt8, target: UInt32)] = []
    private var edgeStart: [Int] = []
    /// The state for the longest end of what was read that is the beginning of a pattern, if no edge fits.
    private var failures: [UInt32] = []
    private var depths: [Int32] = []
    private var matches: [Int32] = []

    /// Creates an automaton; empty patterns are left out.
    init(_ patterns: some Sequence<[UInt8]>) {
        var children: [[UInt8: UInt32]] = [[:]]
        depths = [0]
        matches = [0]
        for pattern in patterns {
            var state = Int(Self.start)
            for byte in pattern {
                if let next = children[state][byte] {
                    state = Int(next)
                } else {
                    let next = children.count
                    children.append([:])
                    depths.append(depths[state] + 1)
                    matches.append(0)
                    children[state][byte] = UInt32(next)
                    state = next
                }
            }
            matches[state] = depths[state]
        }
        for (byte, target) in children[0] { first[Int(byte)] = target }
        edgeStart.reserveCapacity(children.count + 1)
        for (state, own) in children.enumerated() {
            edgeStart.append(edges.count)
            if state != 0 { edges += own.sorted { $0.key < $1.key }.map { (byte: $0.key, target: $0.value) } }
        }
        edgeStart.append(edges.count)
        addFailures(children)
    }

    private mutating func addFailures(_ children: [[UInt8: UInt32]]) {
        failures = [UInt32](repeating: Self.start, count: children.count)
        var waiting = Deque(children[0].values)
        while let state = waiting.popFirst() {
            for (byte, target) in children[Int(state)] {
                failures[Int(target)] = next(failures[Int(state)], byte)
                waiting.append(target)
            }
            // Breadth first: the shorter end is complete. A state's own match is the longest.
            if matches[Int(state)] == 0 { matches[Int(state)] = matches[Int(failures[Int(state)])] }
        }
    }

    /// Returns the state after one more byte.
    func next(_ state: UInt32, _ byte: UInt8) -> UInt32 {
        var state = state
        while state != Self.start {
            if let target = target(of: state, byte) { return target }
            state = failures[Int(state)]
        }
        return first[Int(byte)]
    }

    private func target(of state: UInt32, _ byte: UInt8) -> UInt32? {
        var (low, high) = (edgeStart[Int(state)], edgeStart[Int(state) + 1])
        while low < high {
            let middle = (low + high) / 2
            let edge = edges[middle]
            if edge.byte == byte { return edge.target }
            if edge.byte < byte { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The length of the longest end of what was read with which a pattern begins.
    func depth(of state: UInt32) -> Int { Int(depths[Int(state)]) }

    /// The length of the longest pattern that ends here; 0 if none does.
    func matchLength(at state: UInt32) -> Int { Int(matches[Int(state)]) }
}
