import struct FoundationEssentials.Date
import OrderedCollections

/// The members of a JSON object that was stored. Those that nobody asks for, which a newer version wrote, do no harm.
struct StoredMembers {
    private let members: OrderedDictionary<String, ParameterValue>

    /// Reads an object; `nil` if the text is something else.
    init?(_ json: JSONText) {
        guard let value = ParameterValue(json: json) else { return nil }
        self.init(value)
    }

    init?(_ value: ParameterValue) {
        guard case .object(let members) = value else { return nil }
        self.members = members
    }

    func value(_ key: String) -> ParameterValue? { members[key] }

    func text(_ key: String) -> String? {
        if case .string(let text)? = members[key] { text } else { nil }
    }

    func integer(_ key: String) -> Int? {
        if case .int(let number)? = members[key] { number } else { nil }
    }

    func flag(_ key: String) -> Bool {
        if case .bool(let flag)? = members[key] { flag } else { false }
    }

    func list(_ key: String) -> [ParameterValue] {
        if case .array(let items)? = members[key] { items } else { [] }
    }

    func texts(_ key: String) -> [String] {
        list(key).compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    func integers(_ key: String) -> [Int] {
        list(key).compactMap { if case .int(let number) = $0 { number } else { nil } }
    }
}

extension Date {
    /// The time as it is stored: a microsecond is the least that counts.
    package var microsecondsSince1970: Int {
        // Of a time that no clock shows, only that it is far away is kept.
        Int(exactly: (timeIntervalSince1970 * 1_000_000).rounded()) ?? (timeIntervalSince1970 > 0 ? .max : .min)
    }

    package init(microsecondsSince1970 microseconds: Int) {
        self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }
}
