extension GlobPattern {
    /// Returns the names that the pattern was most likely meant to stand for, all of them equally near; none if none is
    /// close.
    ///
    /// Case does not count. Up to a third of the characters that the pattern asks for may differ; a swap of neighbours is
    /// one mistake.
    package func nearest(among names: some Sequence<String>, atMost count: Int = 3) -> [String] {
        // Beyond these lengths nobody has typed it.
        guard tokens.count <= 100 else { return [] }
        var limit = tokens.count { $0 != .anything } / 3
        var found: [String] = []
        let pattern = tokens.map(\.lowercased)
        let isOpen = tokens.contains(.anything)
        for name in names where name.utf8.count <= 1_000 {
            let characters = Array(name.lowercased())
            // Each character too many or too few is a mistake of its own.
            guard isOpen || abs(characters.count - tokens.count) <= limit else { continue }
            let distance = Self.distance(of: pattern, to: characters)
            guard distance <= limit else { continue }
            if distance < limit { found = [] }
            limit = distance
            if found.count < count { found.append(name) }
        }
        return found
    }

    /// How many characters of a name have to be changed, added, removed or swapped for the pattern to stand for it.
    private static func distance(of tokens: [Token], to name: [Character]) -> Int {
        // How far the tokens up to one, and the ones before that, are from each beginning of the name.
        var beforePrevious: [Int] = []
        var previous = Array(0...name.count)
        for (number, token) in tokens.enumerated() {
            var current = [token == .anything ? previous[0] : previous[0] + 1]
            for (index, character) in name.enumerated() {
                guard token != .anything else {
                    current.append(min(previous[index + 1], current[index]))
                    continue
                }
                let change = token.matches(character) ? 0 : 1
                var distance = min(previous[index] + change, previous[index + 1] + 1, current[index] + 1)
                if number > 0, index > 0, tokens[number - 1] != .anything, token.matches(name[index - 1]),
                    tokens[number - 1].matches(character)
                {
                    distance = min(distance, beforePrevious[index - 1] + 1)
                }
                current.append(distance)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[name.count]
    }
}

extension GlobPattern.Token {
    /// The same for names in lower case.
    fileprivate var lowercased: Self {
        guard case .character(let own) = self else { return self }
        let lower = own.lowercased()
        return .character(lower.count == 1 ? Character(lower) : own)
    }
}
