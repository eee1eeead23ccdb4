extension String {
    /// Returns the candidate that this text is most likely a misspelling of, or `nil` if none is close.
    ///
    /// Case, hyphens, underscores and spaces do not count. Up to a third of the letters may differ, by the optimal
    /// string alignment distance: a swap of neighbours is one mistake. Of one or two letters none may differ.
    package func nearest(among candidates: some Sequence<String>) -> String? {
        let folded = foldedForComparison
        guard !folded.isEmpty, folded.count <= 100 else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates where candidate.utf8.count <= 1_000 {
            let limit = best.map { $0.distance - 1 } ?? folded.count / 3
            guard limit >= 0 else { break }
            let other = candidate.foldedForComparison
            if let distance = Self.alignmentDistance(folded, other, atMost: limit) { best = (candidate, distance) }
        }
        return best?.candidate
    }

    private var foldedForComparison: [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "-", "_", " ": break
            case "A"..."Z": result.append(Unicode.Scalar(UInt8(scalar.value) + 32))
            case _ where scalar.isASCII: result.append(scalar)
            default: result += scalar.properties.lowercaseMapping.unicodeScalars
            }
        }
        return result
    }

    /// Returns the distance, or `nil` if it is more than `limit`.
    private static func alignmentDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], atMost limit: Int) -> Int? {
        guard abs(a.count - b.count) <= limit else { return nil }
        if limit == 0 { return a == b ? 0 : nil }
        if a.isEmpty || b.isEmpty { return Swift.max(a.count, b.count) }
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        var previousSmallest = 0
        for i in 1...a.count {
            var current = [i]
            current.reserveCapacity(b.count + 1)
            var smallest = i
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
                smallest = Swift.min(smallest, distance)
            }
            // Later rows build on this one, or by a swap on the one before.
            guard Swift.min(smallest, previousSmallest + 1) <= limit else { return nil }
            previousSmallest = smallest
            beforePrevious = previous
            previous = current
        }
        return previous[b.count] <= limit ? previous[b.count] : nil
    }
}
