/// Finds many byte sequences at once in a stream of bytes (Aho and Corasick, https://doi.org/10.1145/360825.360855).
///
/// The cost of a byte does not depend on how many patterns there are.
struct PatternAutomaton: Sendable {
    /// The state before the first byte, and after bytes with which no pattern begins.
    static let start: UInt32 = 0

    /// The states that follow the start, by byte.
    private var first = [UInt32](repeating: PatternAutomaton.start, count: 256)
    /// The other edges of state `n`, ordered by byte, are those from `edgeStart[n]` up to `edgeStart[n + 1]`.
    private var edgeStart: [UInt32] = []
    private var edgeBytes: [UInt8] = []
    private var edgeTargets: [UInt32] = []
    /// The state for the longest end of what was read that is the beginning of a pattern, if no edge fits.
    private var failures: [UInt32] = []
    private var depths: [UInt32] = []
    private var matches: [UInt32] = []

    /// Creates an automaton; empty patterns are left out.
    init(_ patterns: some Sequence<[UInt8]>) {
        var trie = Trie()
        for pattern in patterns { trie.insert(pattern) }
        depths = trie.depths
        matches = trie.matches
        edgeStart.reserveCapacity(depths.count + 1)
        for state in depths.indices {
            edgeStart.append(UInt32(edgeTargets.count))
            let children = trie.children(of: UInt32(state)).sorted { $0.byte < $1.byte }
            if state == Self.start {
                for child in children { first[Int(child.byte)] = child.state }
            } else {
                edgeBytes += children.map(\.byte)
                edgeTargets += children.map(\.state)
            }
        }
        edgeStart.append(UInt32(edgeTargets.count))
        addFailures(trie)
    }

    private mutating func addFailures(_ trie: Trie) {
        failures = [UInt32](repeating: Self.start, count: depths.count)
        // Breadth first: shorter ends are complete before longer ones ask for them.
        var states = trie.children(of: Self.start).map(\.state)
        var position = 0
        while position < states.count {
            let state = Int(states[position])
            position += 1
            for child in trie.children(of: UInt32(state)) {
                failures[Int(child.state)] = next(failures[state], child.byte)
                states.append(child.state)
            }
            // A state's own pattern is longer than any that is an end of it.
            if matches[state] == 0 { matches[state] = matches[Int(failures[state])] }
        }
    }

    /// The patterns as a tree, in which the children of a node are a list through `siblings`.
    private struct Trie {
        private var bytes: [UInt8] = [0]
        private var firstChildren: [UInt32] = [0]
        private var siblings: [UInt32] = [0]
        private(set) var depths: [UInt32] = [0]
        private(set) var matches: [UInt32] = [0]

        mutating func insert(_ pattern: [UInt8]) {
            var node = 0
            for byte in pattern {
                let child = children(of: UInt32(node)).first { $0.byte == byte }?.state
                node = child.map(Int.init) ?? add(byte, to: node)
            }
            matches[node] = depths[node]
        }

        private mutating func add(_ byte: UInt8, to node: Int) -> Int {
            bytes.append(byte)
            siblings.append(firstChildren[node])
            depths.append(depths[node] + 1)
            matches.append(0)
            firstChildren.append(0)
            firstChildren[node] = UInt32(bytes.count - 1)
            return bytes.count - 1
        }

        func children(of node: UInt32) -> some Sequence<(byte: UInt8, state: UInt32)> {
            // The root is nobody's child: 0 ends a list.
            sequence(state: firstChildren[Int(node)]) { child -> (byte: UInt8, state: UInt32)? in
                guard child != 0 else { return nil }
                defer { child = siblings[Int(child)] }
                return (bytes[Int(child)], child)
            }
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
        var (low, high) = (Int(edgeStart[Int(state)]), Int(edgeStart[Int(state) + 1]))
        while low < high {
            let middle = (low + high) / 2
            if edgeBytes[middle] == byte { return edgeTargets[middle] }
            if edgeBytes[middle] < byte { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The length of the longest end of what was read with which a pattern begins.
    func depth(of state: UInt32) -> Int { Int(depths[Int(state)]) }

    /// The length of the longest pattern that ends here; 0 if none does.
    func matchLength(at state: UInt32) -> Int { Int(matches[Int(state)]) }
}
