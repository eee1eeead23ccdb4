extension WireResourceGrant {
    /// Returns the named units of resources, in an order that is always the same.
    package static func list(_ units: [String: [String]]) -> [WireResourceGrant] {
        units.sorted { $0.key < $1.key }.map { name, units in
            .with {
                $0.name = name
                $0.amount = Int64(units.count)
                $0.units = units
            }
        }
    }
}

extension [String: [String]] {
    /// Reads the named units of resources.
    package init(_ grants: [WireResourceGrant]) {
        self.init(grants.lazy.filter { !$0.units.isEmpty }.map { ($0.name, $0.units) }, uniquingKeysWith: { $0 + $1 })
    }
}
