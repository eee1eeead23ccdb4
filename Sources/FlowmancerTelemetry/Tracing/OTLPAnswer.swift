import FoundationEssentials

/// What a collector says of spans that it did not take although it took the request.
struct OTLPAnswer: Sendable, Hashable {
    /// How many spans it did not take.
    var rejectedSpans = 0
    /// Why, or what else it has to say.
    var message = ""

    /// Reads an answer; one in another form says nothing.
    init(_ text: String) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8)) else { return }
        rejectedSpans = max(0, answer.partialSuccess?.rejectedSpans?.value ?? 0)
        message = answer.partialSuccess?.errorMessage ?? ""
    }

    private struct Answer: Decodable {
        var partialSuccess: PartialSuccess?
    }

    private struct PartialSuccess: Decodable {
        var rejectedSpans: Number?
        var errorMessage: String?
    }

    /// In this encoding, integers of 64 bits are strings; some collectors write numbers.
    private struct Number: Decodable {
        var value: Int

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                value = number
            } else {
                value = Int(try container.decode(String.self)) ?? 0
            }
        }
    }
}
