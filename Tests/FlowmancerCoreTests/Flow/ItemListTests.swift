import FlowmancerCore
import TestSupport
import OrderedCollections
import Testing

@Suite struct ItemListTests {
    private func problem(of value: ParameterValue, key: String? = nil) -> ItemsError? {
        do {
            _ = try ItemList.items(of: value, key: key)
            return nil
        } catch {
            return error
        }
    }

    @Test func scalarsNameThemselves() throws {
        let list = try ItemList.items(of: ["eu", 7, 1.5, true])
        #expect(list.keys == ["eu", "7", "1.5", "true"])
        #expect((0..<4).map { list[$0] } == ["eu", 7, 1.5, true])
    }

    @Test func otherItemsHaveTheirNumbers() throws {
        let list = try ItemList.items(of: [["a": 1], nil, [1, 2], "x"])
        #expect(list.keys == ["0", "1", "2", "x"])
    }

    @Test func fieldNamesItems() throws {
        let list = try ItemList.items(of: [["code": "eu", "rows": 3], ["code": 2]], key: "code")
        #expect(list.keys == ["eu", "2"])
        #expect(list[0] == ["code": "eu", "rows": 3])
    }

    @Test func noItemsAreAllowed() throws {
        #expect(try ItemList.items(of: []).count == 0)
        #expect(try ItemList.items(of: ["a": [], "b": [1]]).count == 0)
        #expect(try ItemList.items(of: "[]", key: "code").count == 0)
    }

    @Test func lastListVariesFastest() throws {
        let list = try ItemList.items(of: ["os": ["linux", "mac"], "version": [5, 6, 7]])
        #expect(list.keys == ["linux,5", "linux,6", "linux,7", "mac,5", "mac,6", "mac,7"])
        #expect(list[4] == ["os": "mac", "version": 6])
    }

    @Test func combinationsHaveKeysOfFields() throws {
        let list = try ItemList.items(of: ["os": ["linux", "mac"], "version": [5]], key: "os")
        #expect(list.keys == ["linux", "mac"])
        #expect(
            problem(of: ["os": ["linux", "mac"], "version": [5]], key: "version")?.problem == .doubleKey("5", 0, 1)
        )
    }

    @Test func textIsJSON() throws {
        #expect(try ItemList.items(of: #"["eu", "us"]"#).keys == ["eu", "us"])
        #expect(try ItemList.items(of: ["x": "[1, 2]", "y": ["a"]]).keys == ["1,a", "2,a"])
        #expect(try ItemList.items(of: #"{"z": [1, 2], "a": [3, 4]}"#).keys == ["1,3", "1,4", "2,3", "2,4"])
    }

    @Test(arguments: [
        ("a/b", "a%2Fb"), ("a[b]", "a%5Bb%5D"), ("50%", "50%25"), ("a\nb", "a%0Ab"), ("\u{7f}", "%7F"),
        ("a,b", "a,b"), ("*", "*"), ("né", "né"), ("..", ".."), (" ", " "),
    ])
    func namesReadBack(_ text: String, _ key: String) throws {
        let list = try ItemList.items(of: [.string(text)])
        #expect(list.keys == [key])
        let name = ItemName.name("each[x]/load", key: key)
        let split = try #require(ItemName.split(name))
        #expect(split.task == "each[x]/load")
        #expect(split.key == key)
    }

    @Test(arguments: ["load", "load[]", "[eu]", "load[eu", "load[a]b", "each[eu]/load", "load[a/b]"])
    func otherNamesAreNotTakenApart(_ name: String) {
        #expect(ItemName.split(name) == nil)
    }

    @Test func commasDoNotMixCombinationsUp() throws {
        let list = try ItemList.items(of: ["x": ["a", "a,b"], "y": ["b,c", "c"]])
        #expect(list.keys == ["a,b%2Cc", "a,c", "a%2Cb,b%2Cc", "a%2Cb,c"])
        #expect(Set(list.keys).count == 4)
    }

    @Test(
        arguments: [
            (5, nil, ItemsError.Problem.notItems(.number), []),
            (nil, nil, .notItems(.nothing), []),
            ("eu us", nil, .notJSON, []),
            ("5", nil, .notItems(.number), []),
            ([:], nil, .noLists, []), (["x": "1"], nil, .notList("x", .text), [.key("x")]),
            (["x": "1"], nil, .notList("x", .text), [.key("x")]),
            (
                ["region": ["eu"], "max_concurrency": 2], nil, .notList("max_concurrency", .number),
                [.key("max_concurrency")]
            ),
            (["a", ""], nil, .emptyKey(1, field: nil), [.index(1)]),
            (["x": ["a", ""], "y": [1]], nil, .emptyKey(1, field: nil), [.key("x"), .index(1)]),
            (["a", "b", "a"], nil, .doubleKey("a", 0, 2), [.index(2)]),
            ([1, "1"], nil, .doubleKey("1", 0, 1), [.index(1)]),
            ([[:], "0"], nil, .doubleKey("0", 0, 1), [.index(1)]),
            (["x": ["a", "b"], "y": [1, 1]], nil, .doubleKey("1", 0, 1), [.key("y"), .index(1)]),
            ([["code": "a"], ["cod": "b"]], "code", .missingKey(1, field: "code", known: ["cod"]), [.index(1)]),
            (["eu"], "code", .noFields(0, field: "code", .text), [.index(0)]),
            ([["code": [1]]], "code", .unusableKey(0, field: "code", .list), [.index(0)]),
            ([["code": ""]], "code", .emptyKey(0, field: "code"), [.index(0)]),
            ([["code": "a"], ["code": "a"]], "code", .doubleKey("a", 0, 1), [.index(1)]),
        ] as [(ParameterValue, String?, ItemsError.Problem, [ParameterPath.Component])]
    )
    func mistakesAreFound(
        _ value: ParameterValue,
        _ key: String?,
        _ expected: ItemsError.Problem,
        _ steps: [ParameterPath.Component]
    ) {
        let error = problem(of: value, key: key)
        #expect(error?.problem == expected)
        #expect(error?.steps == steps)
        #expect(error?.wording.isEmpty == false)
    }

    @Test func tooManyItemsAreNotBuilt() {
        let many = ParameterValue.array(Array(repeating: 1, count: ForEach.maximumCount + 1))
        #expect(problem(of: many)?.problem == .tooMany(ForEach.maximumCount + 1))
        let thousand = ParameterValue.array((0..<1_001).map { .int($0) })
        #expect(problem(of: ["a": thousand, "b": thousand])?.problem == .tooMany(1_002_001))
        let lists = (0..<30).map { ("\($0)", thousand) }
        #expect(problem(of: .object(OrderedDictionary(uniqueKeysWithValues: lists)))?.problem == .tooMany(nil))
    }

    @Test func millionItemsTakeSeconds() throws {
        let values = ParameterValue.array((0..<ForEach.maximumCount).map { .string("region-\($0)") })
        var list: ItemList?
        let time = try ContinuousClock().measure { list = try ItemList.items(of: values) }
        #expect(list?.keys.last == "region-999999")
        // Debug builds on a busy machine are many times slower than what is used.
        #expect(time < .seconds(20))
    }

    /// Combinations as the naive reader would make them.
    @Test(arguments: 0..<50)
    func combinationsAreThoseOfNestedLoops(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var lists: OrderedDictionary<String, ParameterValue> = [:]
        for number in 0..<Int.random(in: 1...4, using: &random) {
            lists["list\(number)"] = .array((0..<Int.random(in: 0...4, using: &random)).map { .int($0) })
        }
        var expected: [OrderedDictionary<String, ParameterValue>] = [[:]]
        for (name, list) in lists {
            guard case .array(let items) = list else { continue }
            expected = expected.flatMap { known in
                items.map { item in known.merging([name: item], uniquingKeysWith: { first, _ in first }) }
            }
        }
        let list = try ItemList.items(of: .object(lists))
        #expect((0..<list.count).map { list[$0] } == expected.map(ParameterValue.object))
        #expect(
            list.keys
                == expected.map { item in item.values.map { $0.scalarText ?? "" }.joined(separator: ",") }
        )
    }
}
