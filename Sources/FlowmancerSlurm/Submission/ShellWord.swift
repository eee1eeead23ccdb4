import FlowmancerCore

/// Texts as words of bash.
enum ShellWord {
    /// Returns what bash reads as the text, whatever is in it, on one line.
    static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text.shellWord }
        // A line end of Windows, for one, makes sbatch refuse a script.
        return "$'\(text.replacingScalars(escape))'"
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || scalar.value == 0x7F }

    /// What a scalar is within `$'…'`; `nil` for itself.
    private static func escape(_ scalar: Unicode.Scalar) -> String? {
        if scalar == "'" || scalar == "\\" { return "\\\(scalar)" }
        guard isControl(scalar) else { return nil }
        let digits = String(scalar.value, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
