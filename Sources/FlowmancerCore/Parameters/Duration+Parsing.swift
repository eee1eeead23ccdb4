extension Duration {
    /// The longest duration that a setting or parameter may have, in seconds: 30 years. Points in time that far ahead
    /// can still be counted in nanoseconds.
    package static let longestSetting = 30 * 365 * 86_400.0

    /// Parses a duration that is written with units: `1h30m`, `90s`, `1d 2h`, `250ms`.
    ///
    /// Units are `d`, `h`, `m`, `s` and `ms`; numbers may have a fraction.
    ///
    /// - Parameter text: The text to parse.
    /// - Returns: `nil` if the text has another form.
    package init?(parsing text: String) {
        var total = 0.0
        var number = ""
        var unit = ""
        var found = false

        func seconds(of number: String, unit: String) -> Double? {
            guard let value = Double(number) else { return nil }
            switch unit {
            case "d": return value * 86_400
            case "h": return value * 3_600
            case "m", "min": return value * 60
            case "s", "sec": return value
            case "ms": return value / 1_000
            default: return nil
            }
        }

        for character in text.lowercased() + " " where !character.isWhitespace || !unit.isEmpty {
            if character.isNumber || character == "." || character.isWhitespace {
                if !unit.isEmpty {
                    guard let part = seconds(of: number, unit: unit) else { return nil }
                    (total, number, unit, found) = (total + part, "", "", true)
                }
                if !character.isWhitespace { number.append(character) }
            } else {
                unit.append(character)
            }
        }
        guard found, number.isEmpty, (0...Self.longestSetting).contains(total) else { return nil }
        self.init(nearestTo: total)
    }

    /// Creates the duration of whole nanoseconds that is nearest to a number of seconds.
    ///
    /// 1.1 is thus the same as 1,100 milliseconds, though no `Double` is exactly 1.1.
    ///
    /// - Parameter seconds: A number from 0 to ``longestSetting``.
    package init(nearestTo seconds: Double) {
        let whole = seconds.rounded(.down)
        self = .seconds(Int64(whole)) + .nanoseconds(Int64(((seconds - whole) * 1e9).rounded()))
    }

    /// The duration as exactly as people want to know what a clock measured: in tenths of a second below ten seconds, and in
    /// whole seconds above.
    package var rounded: Duration {
        let seconds = min(max(0, self / .seconds(1)), Self.longestSetting)
        return Duration(nearestTo: seconds < 10 ? (seconds * 10).rounded() / 10 : seconds.rounded())
    }

    /// The duration as exactly as it can be foretold: in steps of 10 seconds from a minute on, of a minute from 10 minutes on,
    /// and of 5 minutes from an hour on.
    package var estimated: Duration {
        let seconds = self / .seconds(1)
        let step: Double = seconds < 60 ? 0 : seconds < 600 ? 10 : seconds < 3_600 ? 60 : 300
        return step == 0 ? rounded : Duration(nearestTo: (min(seconds, Self.longestSetting) / step).rounded() * step)
    }

    /// The duration as people read it: "10 s", "0.5 s", "1 h 30 min".
    package var text: String {
        let (whole, attoseconds) = components
        guard attoseconds == 0, whole >= 60 else {
            let seconds = self / .seconds(1)
            return attoseconds == 0 ? "\(whole) s" : "\((seconds * 1_000_000).rounded() / 1_000_000) s"
        }
        let parts = [(whole / 3_600, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}
