import Testing

@testable import FlowmancerCore

@Suite struct ForEachWordingTests {
    private static let template = ParameterValue.template(ValueTemplate([.reference(.init(.output, "list.regions"))]))

    private static let examples: [(ParameterValue, String)] = [
        ([], "0 items"), (["a"], "1 item"), (["a", 2], "2 items"),
        (["os": ["a", "b"], "node": [1, 2, 3]], "6 items"), ("[1, 2, 3]", "3 items"),
        (template, "$OUT{list.regions}"), (["os": template, "node": [1]], "all combinations of os, node"),
        ("no JSON", "its items"),
    ]

    @Test(arguments: examples)
    func itemsAreCountedIfTheyCanBe(items: ParameterValue, words: String) {
        #expect(ForEach(items).itemsInWords == words)
    }

    @Test func aHugeProductIsNoTrap() {
        let list = ParameterValue.array(Array(repeating: 1, count: 1_000))
        let lists = ParameterValue.object(.init(uniqueKeysWithValues: (0..<10).map { ("k\($0)", list) }))
        #expect(ForEach(lists).knownCount == nil)
    }
}
