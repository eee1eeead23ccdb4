import Flowmancer
import Foundation

enum Currency: String, CaseIterable {
    case eur = "EUR"
    case usd = "USD"
}

struct Table: ParameterGroup {
    @Parameter var file: String
    @Parameter var column = 1
    @Parameter var currency = Currency.eur
}

struct SumOrders: FlowTask {
    @Parameter var region: String
    @Parameter var table: Table

    func onRestart() async throws { print("trying again") }

    func run() async throws {
        let lines = try String(contentsOfFile: table.file, encoding: .utf8).split(separator: "\n")
        let amounts = try lines.map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.indices.contains(table.column), let amount = Double(fields[table.column]) else {
                throw BadLine(line: String(line))
            }
            return amount
        }
        logger.debug("\(amounts.count) orders")
        let sum = String(format: "%.2f", amounts.reduce(0, +))
        try await sharedDict.set(region, to: "\(sum) \(table.currency.rawValue)")
        print("\(region) is done")
    }

    func onFailure() async throws { logger.warning("nothing is known about \(region)") }
}

struct BadLine: Error {
    var line: String
}

struct WriteReport: FlowTask {
    @Parameter var target: String
    @Parameter var regions: [String]
    @Parameter var title = "Orders"

    func run() async throws {
        var report = "\(title)\n"
        for region in regions { report += "\(region): \(try await sharedDict.get(region, as: String.self))\n" }
        try report.write(toFile: target, atomically: true, encoding: .utf8)
    }
}
