import FlowmancerCore
import OrderedCollections
import TestSupport

/// Makes jobs of values that are hard to write down.
struct RandomJob {
    var generator: SeededGenerator
    /// Whether numbers may be infinite, for which JSON has no words.
    let hasInfinity: Bool

    private static let texts = [
        "", " ", "a", "plain text", " leading", "trailing ", "true", "True", "yes", "no", "on", "null", "~", "Null",
        "1", "007", "0x1F", "1e5", ".inf", ".nan", "-", "- a", "?", ": ", "a: b", "a #b", "#c", "'", "\"", "\\",
        "$ENV{X}", "$$ENV{X}", "$VAR{a:b}", "$$$SYS{", "$", "$$", "x$ENV{", "two\nlines", "two\nlines\n",
        "three\n\nlines\n\n", "\n", "\n\n", "\nfirst", " indented\nlines", "lines \nwith blanks ", "tab\there",
        "\ttab\nline", "a\n \nb", "a\n\t\nb", "cr\rlf\r\n", "nul\u{0}", "bell\u{7}", "next\u{85}line",
        "line\u{2028}separator", "\u{feff}mark", "\u{fffe}", "\u{ffff}", "é", "e\u{301}", "日本語", "\u{1F600}",
        "[a]", "{a}", "a, b", "&a", "*a", "!a", "|", ">", "%", "@", "`", "<<", "=", "---", "...", "--- a", "2024-01-01",
        "12:30:45", "a:", "a\u{a0}b", "\u{7f}", "\u{9f}", "http://x:80/?a=b&c#d", "0o17", "1_000", "+1", ".5",
        "multi\n  indented\n    more\nend", "#\n# comment\n", "- list\n- of\n", "key: value\nother: x\n",
        "\u{1}\n\u{2}",
    ]

    mutating func text() -> String {
        let pick = Self.texts.randomElement(using: &generator) ?? ""
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: return pick + (Self.texts.randomElement(using: &generator) ?? "")
        case 1: return String(repeating: pick + "x", count: Int.random(in: 1...300, using: &generator))
        case 2:
            let scalars = (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x3000, using: &generator))
            }
            return scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
        default: return pick
        }
    }

    mutating func value(depth: Int = 0) -> ParameterValue {
        switch Int.random(in: 0..<(depth > 4 ? 7 : 10), using: &generator) {
        case 0: return .null
        case 1: return .bool(generator.chance(50))
        case 2: return .int([.min, .max, 0, -1, 42].randomElement(using: &generator) ?? 0)
        case 3:
            let numbers = [0.5, -0.0, 3.0, 1e300, .leastNonzeroMagnitude, 0.1 + 0.2, 1e16, .greatestFiniteMagnitude]
            if hasInfinity, generator.chance(20) { return .double(generator.chance(50) ? .infinity : -.infinity) }
            return .double(numbers.randomElement(using: &generator) ?? 0)
        case 4, 5, 6: return .string(text())
        case 7:
            return .array((0..<Int.random(in: 0...4, using: &generator)).map { _ in value(depth: depth + 1) })
        default: return .object(members(depth: depth + 1))
        }
    }

    mutating func members(depth: Int = 0) -> OrderedDictionary<String, ParameterValue> {
        var members: OrderedDictionary<String, ParameterValue> = [:]
        for _ in 0..<Int.random(in: 0...4, using: &generator) { members[text()] = value(depth: depth) }
        return members
    }

    private mutating func duration() -> Duration {
        [
            .zero, .seconds(1), .milliseconds(1), .milliseconds(100), .milliseconds(1_100), .microseconds(7),
            .nanoseconds(1),
            .seconds(86_400), .milliseconds(123_456_789), .seconds(10), .milliseconds(250),
        ].randomElement(using: &generator) ?? .zero
    }

    private mutating func limit() -> TimeLimit? {
        generator.chance(30) ? nil : generator.chance(50) ? .unlimited : .limited(to: duration())
    }

    private mutating func backoff() -> Backoff {
        guard generator.chance(50) else { return Backoff(first: duration()) }
        let first = duration()
        return Backoff(
            first: first,
            factor: [1, 1.5, 2, 1e9].randomElement(using: &generator) ?? 1,
            max: generator.chance(50) ? nil : first + duration(),
            jitter: [0, 0.1, 3].randomElement(using: &generator) ?? 0
        )
    }

    private mutating func causes() -> [RetryCause] {
        let all: [RetryCause] = [
            .error, .timeout, .crash, .exitCode(75), .exitCodes(137...140), .exitCodes(1...255),
            .errorType("Module.Error"),
        ]
        return all.filter { _ in generator.chance(50) } + [.exitCode(3)]
    }

    private mutating func supplies() -> OrderedDictionary<String, ResourceSupply> {
        var supplies: OrderedDictionary<String, ResourceSupply> = [:]
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            supplies[text()] = generator.chance(50) ? .amount(amount()) : .units([text(), text()])
        }
        return supplies
    }

    private mutating func requests() -> OrderedDictionary<String, ResourceRequest> {
        var requests: OrderedDictionary<String, ResourceRequest> = [:]
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            requests[text()] = generator.chance(50) ? ResourceRequest(amount()) : [amount(), amount()]
        }
        return requests
    }

    private mutating func amount() -> Int {
        [1, 2, 1_000, 1 << 10, 1 << 20, 3 << 29, 5 << 30, 7 << 40, .max].randomElement(using: &generator) ?? 1
    }

    private mutating func plugins() -> OrderedDictionary<String, PluginDefinition> {
        var plugins: OrderedDictionary<String, PluginDefinition> = [:]
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            plugins[text()] = PluginDefinition(text(), parameters: members())
        }
        return plugins
    }

    private mutating func condition() -> TaskCondition {
        let comparison = ["==", "!=", "<", "in"].randomElement(using: &generator) ?? "=="
        let quoted = "'\(text().unicodeScalars.map { $0 == "'" ? "''" : String($0) }.joined())'"
        let name = text().unicodeScalars.filter { $0 != "}" && $0 != "$" }.reduce(into: "a") {
            $0.unicodeScalars.append($1)
        }
        return TaskCondition("$STATE{\(name)} \(comparison) \(quoted) or $DICT{k:\(name)} == $VAR{unset:5}")
    }

    private mutating func reuse() -> Reuse {
        func paths() -> [String] {
            (0..<Int.random(in: 0...2, using: &generator)).map { _ in "p" + text().filter { $0 != "\0" } }
        }
        let versions: [ParameterValue?] = [nil, 3, 1.5, true, .string(text())]
        return Reuse(inputs: paths(), produces: paths(), version: versions.randomElement(using: &generator) ?? nil)
    }

    mutating func job() -> JobDefinition {
        var job = JobDefinition()
        job.version = generator.chance(50) ? 0.1 : 2
        job.configuration.name = generator.chance(50) ? JobConfiguration.defaultName : text()
        job.configuration.maxConcurrency = Int.random(in: -1...3, using: &generator)
        if generator.chance(50) { job.configuration.extensionDirectories = [text(), text()] }
        if generator.chance(50) { job.configuration.extensionPackages = [text()] }
        job.configuration.synchroInterval = duration()
        job.configuration.loggersInterval = duration()
        job.configuration.extensionsInterval = duration()
        job.configuration.checkpointerInterval = duration()
        job.configuration.taskTimeout = limit() ?? .unlimited
        job.configuration.timeout = limit() ?? .unlimited
        if generator.chance(30) { job.configuration.maxFailures = Int.random(in: 1...9, using: &generator) }
        job.configuration.abortGrace = duration()
        job.configuration.pluginGrace = duration()
        if generator.chance(50) { job.configuration.isolation = .process }
        job.configuration.mergesOutput = generator.chance(50)
        job.configuration.resources = supplies()
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            var task = TaskDefinition(text(), parameters: members())
            if generator.chance(50) { task.dependencies = [text(), text()] }
            if generator.chance(50) { task.runIf = .allCases.randomElement(using: &generator) ?? .allFinished }
            task.allowsFailure = generator.chance(30)
            if generator.chance(50) { task.maxAttempts = Int.random(in: -1...5, using: &generator) }
            task.backoff = backoff()
            if generator.chance(30) { task.retryOn = causes() }
            task.timeout = limit()
            task.isolation = [nil, .pool, .process].randomElement(using: &generator) ?? nil
            task.mergesOutput = [nil, false, true].randomElement(using: &generator) ?? nil
            if generator.chance(30) { task.when = condition() }
            if generator.chance(30) { task.resources = requests() }
            if generator.chance(30) { task.priority = [.min, -1, 0, 10].randomElement(using: &generator) ?? 0 }
            if generator.chance(30) { task.reuse = reuse() }
            job.tasks[text()] = task
        }
        if generator.chance(70) { job.loggers = plugins() }
        if generator.chance(70) { job.extensions = plugins() }
        if generator.chance(50) { job.checkpointer = PluginDefinition(text(), parameters: members()) }
        return job
    }
}
