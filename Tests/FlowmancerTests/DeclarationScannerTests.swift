import Testing

@testable import Flowmancer

@Suite struct DeclarationScannerTests {
    /// The declarations of a text, as `line kind name: inherited`; one that is not certain ends with a question mark.
    private func scan(_ text: String) -> [String] {
        DeclarationScanner.declarations(in: text.utf8).map {
            "\($0.line) \($0.kind) \($0.name): \($0.inherited.joined(separator: " "))\($0.isCertain ? "" : "?")"
        }
    }

    @Test(
        arguments: [
            ("struct A: FlowTask {}", ["1 type A: FlowTask"]),
            ("public final class A : Base, @unchecked Sendable, FlowTask\n{", ["1 type A: Base Sendable FlowTask"]),
            ("actor A:\n  Flowmancer.FlowLogger,\n  Other\n{}", ["1 type A: FlowLogger Other"]),
            ("struct A: FlowTask & Sendable, ~Copyable {}", ["1 type A: FlowTask Sendable Copyable"]),
            ("enum A { struct B: FlowTask { func f() { } } }", ["1 type A: ", "1 type A.B: FlowTask"]),
            ("extension A.B: FlowTask {}", ["1 extension A.B: FlowTask"]),
            ("extension A { struct B: FlowTask {} }", ["1 extension A: ", "1 type A.B: FlowTask"]),
            ("struct A<T: Codable>: FlowTask where T: Sendable {}", ["1 type A: FlowTask?"]),
            ("extension A: FlowTask where T == Array<Int> {}", ["1 extension A: FlowTask?"]),
            ("struct A: Box<Int>, FlowTask {}", ["1 type A: Box FlowTask"]),
            (
                "func f() { struct A: FlowTask {} }\nstruct B: FlowTask {}",
                ["1 type A: FlowTask?", "2 type B: FlowTask"]
            ),
            (
                "#if os(Linux)\nstruct A: FlowTask {}\n#endif\nstruct B: FlowTask {}",
                ["2 type A: FlowTask?", "4 type B: FlowTask"]
            ),
            ("protocol P: FlowTask { associatedtype X }", ["1 protocol P: FlowTask"]),
            (
                "// struct A: FlowTask {}\n/* /* struct B: FlowTask {} */ struct C: X {} */struct D: X {}",
                ["2 type D: X"]
            ),
            (#"let s = "struct A: FlowTask {"; struct B: X {}"#, ["1 type B: X"]),
            (#"let s = "\(f("}", { "\"" })) {"; struct B: X {}"#, ["1 type B: X"]),
            ("let s = \"\"\"\n struct A: X { \"\n\"\"\"\nstruct B: X {}", ["4 type B: X"]),
            (##"let s = #"\" struct A: X {"#; struct B: X {}"##, ["1 type B: X"]),
            ("class func f() {}\nclass var x: Int { 1 }\nlet c = X.class\nfunc g(actor: Int) {}", []),
            ("struct `A`: FlowTask {}", ["1 type A: FlowTask"]),
            ("struct Ä: FlowTask {}", ["1 type Ä: FlowTask"]),
            ("struct A { var f: () -> Void = {} }\nstruct B: X {}", ["1 type A: ", "2 type B: X"]),
            ("struct", []), ("struct A", []), ("struct A:", []), ("struct A<", []), ("\"", []), ("/*", []), ("#\"", []),
            ("extension A.", []), ("struct A: (X) -> Y {}", ["1 type A: Y"]), ("} } struct A: X {}", ["1 type A: X"]),
        ]
    )
    func declarationsAreFound(text: String, expected: [String]) {
        #expect(scan(text) == expected)
    }

    @Test func noBeginningOfATextDoesHarm() {
        let text = Array(
            #"""
            extension A.B: P<Q>, @x R where T == "\(y + #"z"#)" { /* */ class C<D>: E {} } // "
            #if X
            struct F: (G), H { var i = """
              \(j)
              """ }
            """#.utf8
        )
        for end in text.indices { _ = DeclarationScanner.declarations(in: text[..<end]) }
        for start in text.indices { _ = DeclarationScanner.declarations(in: text[start...]) }
    }

    private func found(_ files: [String: String]) -> [String] {
        let places = files.sorted { $0.key < $1.key }.flatMap { file, text in
            DeclarationScanner.declarations(in: text.utf8).map { PluginDeclarations.Place(file: file, declaration: $0) }
        }
        return PluginDeclarations.find(in: places).map { "\($0.file):\($0.line) \($0.kind) \($0.name)" }
    }

    @Test func typesOfAllKindsAreFound() {
        let text = """
            struct A: FlowTask {}
            actor B: FlowLogger {}
            final class C: FlowExtension {}
            struct D {}
            struct E: Codable {}
            """
        #expect(
            found(["1": text, "2": "extension D: FlowCheckpointer {}"]) == [
                "1:1 task A", "1:2 logger B", "1:3 extension C", "2:1 checkpointer D",
            ]
        )
    }

    @Test func aTypeMayBeATaskByAProtocolOrASuperclass() {
        let files = [
            "1": "final class A: B {}\nclass B: P {}\nprotocol P: Q {}", "2": "protocol Q: FlowTask {}",
        ]
        #expect(found(files) == ["1:1 task A", "1:2 task B"])
    }

    @Test func whatIsUncertainIsNotAskedFor() {
        #expect(found(["1": "struct A<T> {}", "2": "extension A: FlowTask {}"]) == [])
    }
}
