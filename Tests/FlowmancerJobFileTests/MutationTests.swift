import FlowmancerCore
import TestSupport
import Testing

@testable import FlowmancerJobFile

/// Damaged files give a job or a report that says where, never a crash or a bare error of a library.
@Suite struct MutationTests {
    private static let yaml = [
        """
        version: 0.1
        include:
          - base.yaml
        config:
          name: 'my-flowmancer-job'
          max_concurrency: 20
          extension_directories:
            - ./client
          checkpointer_interval_seconds: 1m30s
        aliases:
          defaults: &defaults {task: T, max_attempts: 2}
        tasks:
          succeed-task-a:
            task: WaitAndSucceed
            parameters:
              my_required_string_var: "My First\\tTask! \\u00e9"
              list: [1, 2.5, {a: b}, ~]
              $VAR{key}: $ENV{A:b:c}
          final-fail-task:
            <<: *defaults
            depends_on:
              - succeed-task-a
            parameters:
              script: |
                set -e
                  echo done
              folded: >-
                some
                text $$VAR{key}
              sub: !sub |
                echo "$VAR{key}" ${x} $$VAR{key}
              flow: {a: !sub "$ENV{A:?why}", b: [!sub '$SYS{APP_ROOT_DIR}']}
        """,
        """
        # comment
        ---
        tasks: {a: {task: T, parameters: &p {x: [1, 2], y: 'it''s'}}, b: {task: U, dependencies: [a], parameters: *p}}
        loggers:
          ? l
          : {logger: FileLogger, parameters: {base_log_dir: ./logs}}
        extensions: {}
        checkpointer:
          checkpointer: C
          parameters:
            port: !!int "0x10"
            on: yes
        ...
        """,
    ]
    private static let json = [
        """
        {
          "version": 0.1,
          "include": ["base.yaml"],
          "config": {"name": "n", "max_concurrency": 3, "isolation": "process"},
          "tasks": {
            "a": {"task": "T", "backoff": "1h30m", "parameters": {"x": [1, -2.5e3, true, null, {"y": "\\u00e9\\n"}]}},
            "b": {"variant": "U", "depends_on": ["a"], "parameters": {"v": "$ENV{A:x}", "w": "$$ENV{A}"}}
          },
          "loggers": {}, "extensions": {"e": {"extension": "E"}},
          "checkpointer": {"checkpointer": "C", "parameters": {"é": "\\ud83d\\ude00"}}
        }
        """
    ]

    @Test(arguments: ["yaml", "json"], 0..<10)
    func damagedFileGivesAJobOrALocatedReport(format: String, block: Int) throws {
        let directory = try JobDirectory(["base.yaml": "config: {max_concurrency: 1}\ntasks: {base: {task: B}}"])
        let originals = (format == "yaml" ? Self.yaml : Self.json).map { Array($0.utf8) }
        for seed in (block * 100)..<(block * 100 + 100) {
            var mutation = Mutation(generator: SeededGenerator(seed: UInt64(seed)))
            let bytes = mutation.apply(to: originals[seed % originals.count], others: originals)
            try directory.write("job.\(format)", bytes)
            let job = directory.load("job.\(format)", environment: ["A": "1"], variables: ["key": "k"])
            let errors = job.issues.filter { $0.severity == .error }
            let input = "seed \(seed): \(errors)\n\(String(decoding: bytes, as: UTF8.self))"
            #expect(errors.isEmpty == job.isValid, "\(input)")
            #expect(errors.allSatisfy { $0.location != nil }, "\(input)")
            #expect(errors.allSatisfy { Self.stands($0.location, in: bytes, of: "job.\(format)") }, "\(input)")
            let isLocated = job.issues.allSatisfy { issue in
                if case .variable(.unused) = issue.problem { return issue.location == nil }
                return Self.stands(issue.location, in: bytes, of: "job.\(format)")
            }
            #expect(isLocated, "\(input)")
            #expect(errors.allSatisfy { !Self.isBare($0.message) }, "\(input)")
        }
    }

    @Test(arguments: ["yaml", "json"])
    func undamagedFilesAreValid(format: String) throws {
        for text in format == "yaml" ? Self.yaml : Self.json {
            let directory = try JobDirectory(["job.\(format)": text, "base.yaml": "config: {max_concurrency: 1}"])
            let variables = text.contains("$VAR{key}") ? ["key": "k"] : [:]
            #expect(directory.load("job.\(format)", environment: ["A": "1"], variables: variables).issues == [])
        }
    }

    /// Whether a place is one of the file, or just behind its end.
    private static func stands(_ location: FlowmancerCore.SourceLocation?, in bytes: [UInt8], of name: String) -> Bool {
        guard let location, location.file == name else { return location?.file == "base.yaml" }
        let breaks = String(decoding: bytes, as: UTF8.self).unicodeScalars.filter {
            ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0)
        }
        return 1...(breaks.count + 2) ~= location.line && 1...(bytes.count + 2) ~= location.column
    }

    /// Whether a message is one of libyaml's own.
    private static func isBare(_ message: String) -> Bool {
        ["this is not valid YAML", "did not find", "could not find", "found unexpected"].contains {
            message.contains($0)
        }
    }
}

/// Damages a file in one to four places.
private struct Mutation {
    var generator: SeededGenerator

    private static let tokens = [
        ":", "- ", "[", "]", "{", "}", ",", "\"", "'", "*", "&a ", "*a", "<<: ", "|", ">", "#", "!!int ", "!x ", "? ",
        "\t", "\n", "\r", "---\n", "...\n", "%YAML 1.2\n", "$ENV{", "$SYS{X}", "!sub ", "$VAR{x", "\"$ENV{A:?}\"",
        "${ENV:", "\\", "\\u", "null", "~", "0x",
        "\u{feff}",
        "\u{2028}", "é", "\u{0}", "@", "`", "  ", "tasks:", "task: ",
    ]

    mutating func apply(to original: [UInt8], others: [[UInt8]]) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 1...12, using: &generator))
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: (Self.tokens.randomElement(using: &generator) ?? "").utf8, at: place)
            case 3: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
            case 4: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...place, using: &generator))
            case 5: bytes = swapping(bytes, separators: [UInt8(ascii: "\n")])
            case 6: bytes = swapping(bytes, separators: Array(" ,:[]{}\"\n".utf8))
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    /// Swaps two parts of a file.
    private mutating func swapping(_ bytes: [UInt8], separators: [UInt8]) -> [UInt8] {
        var parts: [[UInt8]] = [[]]
        for byte in bytes {
            parts[parts.count - 1].append(byte)
            if separators.contains(byte) { parts.append([]) }
        }
        let first = Int.random(in: 0..<parts.count, using: &generator)
        let second = Int.random(in: 0..<parts.count, using: &generator)
        parts.swapAt(first, second)
        return Array(parts.joined())
    }
}
