import FoundationEssentials

extension URL: ConvertibleParameter {
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> URL? {
        if case .string(let text) = value, !text.isEmpty, let url = URL(string: text) { return url }
        issues.append(.wrongValue(value, expected: ParameterConversion.expectation(of: Self.self), at: path))
        return nil
    }
}

extension Date: ConvertibleParameter {
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Date? {
        switch value {
        case .int(let seconds):
            return Date(timeIntervalSince1970: Double(seconds))
        case .double(let seconds) where seconds.isFinite:
            return Date(timeIntervalSince1970: seconds)
        case .string(let text):
            let styles: [Date.ISO8601FormatStyle] = [
                .iso8601,
                Date.ISO8601FormatStyle(includingFractionalSeconds: true),
                Date.ISO8601FormatStyle().year().month().day(),
            ]
            for style in styles {
                if let date = try? style.parse(text) { return date }
            }
        default:
            break
        }
        issues.append(.wrongValue(value, expected: ParameterConversion.expectation(of: Self.self), at: path))
        return nil
    }
}
