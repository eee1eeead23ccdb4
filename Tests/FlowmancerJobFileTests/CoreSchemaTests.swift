import FlowmancerCore
import Testing

@testable import FlowmancerJobFile

@Suite struct CoreSchemaTests {
    @Test(
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("NULL", .null), ("nul", "nul"), ("nULL", "nULL"),
            ("true", true), ("True", true), ("FALSE", false), ("tRUE", "tRUE"),
            ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"),
            ("0", 0), ("-0", 0), ("007", 7), ("+12", 12), ("-5", -5), ("0x1F", 31), ("0o17", 15), ("1_000", "1_000"),
            ("9223372036854775807", .int(.max)), ("9223372036854775808", 9_223_372_036_854_775_808.0),
            ("0xFFFFFFFFFFFFFFFF", 18_446_744_073_709_551_615.0), ("0xfg", "0xfg"), ("0x", "0x"), ("0o8", "0o8"),
            ("0x-1", "0x-1"), ("0b1", "0b1"),
            ("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("-1e3", -1000.0), ("1E-2", 0.01), ("1e", "1e"), (".", "."),
            ("+", "+"), ("-", "-"), ("1.2.3", "1.2.3"), ("e3", "e3"), (".e3", ".e3"), ("1e5x", "1e5x"),
            (".inf", .double(.infinity)), ("-.INF", .double(-.infinity)), ("+.Inf", .double(.infinity)),
            ("-.nan", "-.nan"), (".infinity", ".infinity"), ("12:30", "12:30"), ("2024-01-01", "2024-01-01"),
            ("nothing", "nothing"), ("١٢", "١٢"), ("1 ", "1 "),
        ] as [(String, ParameterValue)]
    )
    func scalarHasType(text: String, value: ParameterValue) {
        #expect(CoreSchema.resolve(text) == value)
    }

    @Test func notANumberIsOne() {
        guard case .double(let number) = CoreSchema.resolve(".nan") else {
            Issue.record("no number")
            return
        }
        #expect(number.isNaN)
    }
}
