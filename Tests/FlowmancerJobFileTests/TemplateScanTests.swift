import FlowmancerCore
import TestSupport
import Testing

@testable import FlowmancerJobFile

/// Whatever a text is, files and code read the same variables in it.
@Suite struct TemplateScanTests {
    private static let parts = [
        "$", "$$", "OUT", "ITEM", "DICT", "STATE", "{", "}", ":", ".", "a", "b.c", "?", "=", "é", "\u{301}", " ", "S",
        "_", "1",
        "$OUT{a.b}", "$ITEM", "$$ITEM{", "$DICT{k:d}",
    ]

    @Test(arguments: 0..<50) func filesReadWhatCodeReads(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let context = JobLoadingContext(appRoot: "/", environment: [:])
        let expander = VariableExpander(context: context)
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0...15, using: &random)).map { _ in
                Self.parts.randomElement(using: &random)!
            }.joined()
            var findings: [VariableExpander.Finding] = []
            let value = expander.value(of: text, findings: &findings)
            guard findings.isEmpty else { continue }
            let template = ValueTemplate(text)
            if template.isOpen {
                #expect(value == .template(template), "\(text)")
            } else {
                let plain = template.pieces.reduce(into: "") { if case .text(let part) = $1 { $0 += part } }
                #expect(value == .string(plain), "\(text)")
            }
            // What text becomes, it becomes again if it is escaped.
            var others: [VariableExpander.Finding] = []
            #expect(expander.value(of: VariableExpander.escape(text), findings: &others) == .string(text), "\(text)")
        }
    }
}
