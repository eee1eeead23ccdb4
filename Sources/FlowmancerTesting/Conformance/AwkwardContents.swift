import Flowmancer

/// Contents that storage easily gets wrong.
enum AwkwardContents {
    /// Texts that may be the name of a task, or the key of a shared value.
    static let names = [
        "a", "A", "a ", " a", "", "a/b", "../a", ".", "%", "a%2Fb", "a\\b", "a\"b", "a'b", "'; DROP TABLE x; --",
        "a\nb", "a\tb", "\u{7F}", "a\0b", "null", "1", "-", "$1", "{}", "日本語", "Ünïcödé", "e\u{301}", "👩‍👩‍👧‍👦", "\u{FEFF}a",
        "\u{202E}a", String(repeating: "n", count: 1_000),
    ]

    /// JSON texts, among them such as lose digits, blanks or order where they are parsed.
    static let values = [
        "0", "-0", "1e400", "0.1000", "1E+2", "12345678901234567890123456789.00000000000000000001",
        "18446744073709551615",
        "null", "true", "\"\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"a\\/b\"", "{ }", "[ 1 ,2]",
        "{\"b\":1,\"a\":2,\"b\":3}", "\"e\u{301}\"", "\"\u{E9}\"", "\"日本\"", "\"\u{2028}\"",
    ]

    /// A value of a megabyte.
    static let large = "\"\(String(repeating: "0123456789abcdé", count: 1 << 16))\""

    /// Contents with all of these.
    static func contents(named name: String) -> CheckpointContents {
        var contents = CheckpointContents(name: name, runID: RunID(), jobFile: "/jobs/a\"b\\c\n/e\u{301}/日本.yaml")
        for (index, text) in names.enumerated() {
            contents.states[text] = ExecutionState.allCases[index % ExecutionState.allCases.count]
            contents.sharedDict[text] = JSONText(rawValue: values[index % values.count])
            if index % 2 > 0 { contents.decisions[text] = JSONText(rawValue: values[(index + 1) % values.count]) }
            if index % 4 > 0 { contents.outputs[text] = JSONText(rawValue: values[(index + 2) % values.count]) }
            if index % 3 > 0 { contents.fingerprints[text] = "fingerprint \(index) of \(text)" }
        }
        for (index, value) in values.enumerated() { contents.sharedDict["value-\(index)"] = JSONText(rawValue: value) }
        return contents
    }
}
