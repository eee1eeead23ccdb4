import Flowmancer
import Foundation

/// Computes what the report says of one station.
struct Summarise: FlowTask {
    static let abstract = "Computes the mean temperature of a station."

    @Parameter("The measurements, with a day and a temperature in each line.") var file: String
    @Output("How many days were measured.") var days: Int
    @Output("The mean temperature, in tenths of a degree.") var mean: Int

    mutating func run() async throws {
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").dropFirst()
        let tenths = try lines.enumerated().map { index, line in
            let columns = line.split(separator: ",")
            guard columns.count == 2, let degrees = Double(columns[1]) else {
                throw MalformedLine(file: file, number: index + 2, text: String(line))
            }
            return degrees * 10
        }
        days = tenths.count
        mean = tenths.isEmpty ? 0 : Int((tenths.reduce(0, +) / Double(tenths.count)).rounded())
        print("\(days) days")
    }
}

/// Another attempt would find the same line.
struct MalformedLine: PermanentFailure, CustomStringConvertible {
    var file: String
    var number: Int
    var text: String

    var description: String { "\(file):\(number): expected a day and a temperature, found '\(text)'" }
}
