package import FlowmancerCore
package import OrderedCollections

/// Finds headers in a job file that no request could have. Their names and values may be secret: neither is shown.
package enum HTTPHeaderCheck {
    /// Returns what is wrong with parameters.
    ///
    /// - Parameters:
    ///   - parameters: The values that the job has for a plug-in, which need not fit their types.
    ///   - path: Where they stand.
    ///   - values: The parameters that are the value of a header, in both spellings.
    package static func issues(
        with parameters: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath,
        values: [String] = []
    ) -> [JobIssue] {
        var issues: [JobIssue] = []
        func reject(_ reason: String, _ key: String) {
            issues.append(JobIssue(.rejectedValue(reason: reason), at: path.appending(key)))
        }
        if case .object(let headers) = parameters["headers"] {
            for (index, (name, value)) in headers.enumerated() {
                if !isName(name) {
                    reject("the name of header \(index + 1) is invalid; use letters, digits and hyphens", "headers")
                }
                if case .string(let text) = value, !isValue(text) {
                    reject(
                        "the value of header \(index + 1) contains a line feed or another control character",
                        "headers"
                    )
                }
            }
        }
        for key in values {
            guard case .string(let text) = parameters[key], !isValue(text) else { continue }
            reject("it contains a line feed or another control character, which headers cannot contain", key)
        }
        return issues
    }

    /// Whether a text is a token of RFC 9110, 5.6.2.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 == UInt8(ascii: "\t") || ($0 >= 0x20 && $0 != 0x7F) }
    }
}
