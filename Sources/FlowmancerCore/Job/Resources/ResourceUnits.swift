/// The named units of resources that an attempt has, and how it is told of them.
package enum ResourceUnits {
    /// The variable that tells a command the names of its units of a resource, separated by commas.
    package static func environmentVariable(of resource: String) -> String {
        resource.unicodeScalars.reduce(into: "FLOWMANCER_RESOURCE_") { name, scalar in
            switch scalar {
            case "A"..."Z", "0"..."9", "_": name.unicodeScalars.append(scalar)
            case "a"..."z": name += String(scalar).uppercased()
            default: name += "_"
            }
        }
    }

    /// The variables that tell a command of all its units.
    package static func environment(_ units: [String: [String]]) -> [String: String] {
        Dictionary(
            units.map { (environmentVariable(of: $0.key), $0.value.joined(separator: ",")) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Why a unit cannot have a name; `nil` if it can.
    static func reasonAgainst(_ name: String) -> String? {
        if name.isEmpty { return "a unit needs a name" }
        if name.contains(",") { return "it has a comma, which separates the names of units" }
        if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
            return "it has control characters"
        }
        return nil
    }
}
