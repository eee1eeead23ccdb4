extension String {
    /// Returns the candidate that this text is most likely a misspelling of, or `nil` if none is close.
    ///
    /// Case, hyphens, underscores and spaces do not count. Up to a third of the letters may differ, by the optimal
    /// string alignment distance: a swap of neighbours is one mistake.
    package func nearest(among candidates: some Sequence<String>) -> String? {
        let folded = foldedForComparison
        guard !folded.isEmpty, folded.count <= 100 else { return nil }
        let limit = Swift.max(1, folded.count / 3)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let other = candidate.foldedForComparison
            guard abs(other.count - folded.count) <= limit else { continue }
            let distance = Self.alignmentDistance(folded, other)
            if distance <= limit, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.candidate
    }

    private var foldedForComparison: [Character] {
        lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }.map { $0 }
    }

    private static func alignmentDistance(_ a: [Character], _ b: [Character]) -> Int {
        if a.isEmpty || b.isEmpty { return Swift.max(a.count, b.count) }
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var current = [i]
            for j in 1...b.count {
                var distance = Swift.min(
                    previous[j] + 1,
                    current[j - 1] + 1,
                    previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                )
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    distance = Swift.min(distance, beforePrevious[j - 2] + 1)
                }
                current.append(distance)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[b.count]
    }
}
