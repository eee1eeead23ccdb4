import Flowmancer

/// Puts the stations together.
struct Combine: FlowTask {
    static let abstract = "Makes a table of all stations."

    @Parameter var stations: [String]
    @Parameter var days: [Int]
    @Parameter("The mean temperatures, in tenths of a degree.") var means: [Int]
    @Output("A table in Markdown.") var table: String
    @Output("How many days were measured in all.") var total: Int
    @Output("The mean of all days.") var mean: String

    mutating func run() async throws {
        let rows = stations.indices.map { "| \(stations[$0]) | \(days[$0]) | \(Self.degrees(means[$0])) |" }
        table = (["| station | days | mean |", "|---|---|---|"] + rows).joined(separator: "\n")
        total = days.reduce(0, +)
        let sum = zip(days, means).reduce(0) { $0 + $1.0 * $1.1 }
        mean = Self.degrees(total == 0 ? 0 : sum / total)
    }

    private static func degrees(_ tenths: Int) -> String {
        "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
