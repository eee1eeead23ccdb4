/// Which tasks produce which files, as far as a job says so.
package struct ReuseProducers: Sendable {
    /// By path: the tasks that produce it.
    private var exact: [String: [Int]] = [:]
    /// By directory: the tasks that produce something below it.
    private var below: [String: [Int]] = [:]
    /// The patterns that are no paths.
    private var patterns: [(task: Int, pattern: PathPattern)] = []
    private var paths: [(task: Int, pattern: PathPattern)] = []

    package init(_ job: JobDefinition) {
        for (task, definition) in job.tasks.values.enumerated() {
            guard let reuse = definition.reuse else { continue }
            for text in Reuse.knownPaths(in: reuse.produces) { add(PathPattern(text), task) }
        }
    }

    private mutating func add(_ pattern: PathPattern, _ task: Int) {
        guard pattern.isPath else { return patterns.append((task, pattern)) }
        paths.append((task, pattern))
        exact[pattern.path, default: []].append(task)
        for directory in Self.directories(above: pattern.path) { below[directory, default: []].append(task) }
    }

    private static func directories(above path: String) -> [String] {
        var result: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            if !rest.isEmpty { result.append(String(rest)) }
        }
        return result
    }

    /// The tasks that may produce what a pattern stands for, in their order.
    package func producers(of pattern: PathPattern) -> [Int] {
        var found = Set(patterns.lazy.filter { Self.overlap($0.pattern, pattern) }.map(\.task))
        if pattern.isPath {
            let path = pattern.path
            found.formUnion(exact[path] ?? [])
            found.formUnion(below[path] ?? [])
            for directory in Self.directories(above: path) { found.formUnion(exact[directory] ?? []) }
        } else {
            found.formUnion(paths.lazy.filter { Self.overlap($0.pattern, pattern) }.map(\.task))
        }
        return found.sorted()
    }

    /// Whether there may be files for which both stand. Of two that are no paths, only what comes before their first
    /// wildcard counts.
    private static func overlap(_ first: PathPattern, _ second: PathPattern) -> Bool {
        if first.isPath { return second.covers(first) || mayContain(first, second) }
        if second.isPath { return first.covers(second) || mayContain(second, first) }
        guard first.isAbsolute == second.isAbsolute else { return false }
        for (one, other) in zip(first.segments, second.segments) {
            guard case .name(let one) = one, case .name(let other) = other else { return true }
            if one != other { return false }
        }
        return true
    }

    /// Whether what a pattern stands for may be below a directory.
    private static func mayContain(_ directory: PathPattern, _ pattern: PathPattern) -> Bool {
        guard directory.isAbsolute == pattern.isAbsolute else { return false }
        for (place, segment) in directory.segments.enumerated() {
            guard case .name(let name) = segment, place < pattern.segments.count else { return false }
            if pattern.segments[place] == .directories { return true }
            if !pattern.segments[place].matches(name) { return false }
        }
        return true
    }
}
