import FlowmancerCore
import FlowmancerRandom
import Testing

/// Text with variables that are known in the run only.
@Suite struct ValueTemplateTests {
    @Test(arguments: 0..<300) func whatIsPrintedReadsAsTheSame(seed: UInt64) {
        var random = RandomTemplate(random: SeededGenerator(seed: seed))
        for _ in 0..<30 {
            let template = random.template()
            guard template.references.allSatisfy(\.isWritable) else { continue }
            let text = template.description
            #expect(ValueTemplate(text) == template, "\(text)")
        }
    }

    @Test(arguments: 0..<100) func noTextIsTooMuch(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parts = [
            "$", "OUT", "ITEM", "{", "}", ":", ".", "a", "DICT", "é", "?", "=", "\u{301}", "STATE", "SYS{DOLLAR}",
        ]
        for _ in 0..<100 {
            let text = (0..<Int.random(in: 0...20, using: &random)).map { _ in parts.randomElement(using: &random)! }
                .joined()
            let template = ValueTemplate(text)
            guard template.references.allSatisfy(\.isWritable) else { continue }
            #expect(ValueTemplate(template.description) == template, "\(text)")
        }
    }

    private func piece(_ kind: ExpressionReference.Kind, _ name: String) -> ValueTemplate.Piece {
        .reference(ExpressionReference(kind, name))
    }

    @Test func anItemIsAVariableOfItsOwnNameOnly() {
        #expect(ValueTemplate("$ITEM").whole == ExpressionReference(.item, ""))
        #expect(ValueTemplate("a-$ITEM.csv").pieces == [.text("a-"), piece(.item, ""), .text(".csv")])
        #expect(ValueTemplate("$ITEM{code}").whole == ExpressionReference(.item, "code"))
        #expect(ValueTemplate("$ITEM{}s").pieces == [piece(.item, ""), .text("s")])
        for text in ["$ITEMS", "$ITEM_ID", "$ITEM1", "$ITEMé", "$Item", "$item{x}", "${ITEM}", "$ITE{x}"] {
            #expect(ValueTemplate(text).pieces == [.text(text)])
        }
        #expect(ValueTemplate("$$ITEM $$OUT{a.b}").pieces == [.text("$ITEM $OUT{a.b}")])
    }

    @Test func theNameOfAnOutputEndsAtTheFirstColonBehindIt() {
        let template = ValueTemplate("$OUT{a:b.rows:0.5}")
        #expect(template.whole == ExpressionReference(.output, "a:b.rows", fallback: .text("0.5")))
        #expect(template.whole?.outputName?.task == "a:b")
        #expect(ValueTemplate("$OUT{a.b.rows}").whole?.outputName?.task == "a.b")
        #expect(ValueTemplate("$OUT{rows}").whole?.malformation == .malformedOutput("$OUT{rows}"))
        #expect(ValueTemplate("$OUT{rows:a.b}").whole?.name == "rows:a.b")
    }

    @Test func codeHasFormsForIt() {
        let rows: ParameterValue = .output("list", "rows", default: 0)
        #expect(rows == .template("$OUT{list.rows:0}"))
        #expect(ParameterValue.shared("k") == .template("$DICT{k}"))
        #expect(ParameterValue.item == .template("$ITEM"))
        #expect(ParameterValue.item("code", default: [1]) == .template("$ITEM{code:[1]}"))
        #expect(rows.description == "the value of $OUT{list.rows:=0}")
    }

    @Test func aDefaultIsTextOrAList() {
        #expect(ExpressionReference(.output, "a.b", fallback: .text("5")).defaultValue == "5")
        #expect(ExpressionReference(.output, "a.b", fallback: .text("[5, \"x\"]")).defaultValue == [5, "x"])
        #expect(ExpressionReference(.output, "a.b", fallback: .text("[5")).defaultValue == "[5")
        #expect(ExpressionReference(.variable, "a", fallback: .text("[5]")).defaultValue == "[5]")
    }
}
