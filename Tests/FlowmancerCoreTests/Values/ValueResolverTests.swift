import FlowmancerCore
import FlowmancerRandom
import OrderedCollections
import Testing

/// Values in the place of variables.
@Suite struct ValueResolverTests {
    /// What a reader of the documentation would do.
    private func naive(
        _ template: ValueTemplate,
        _ values: [ExpressionReference: ParameterValue]
    ) -> ParameterValue? {
        func value(_ reference: ExpressionReference) -> ParameterValue? {
            let found = values[reference.bare]
            switch reference.fallback {
            case .none: return found
            case .text: return found ?? reference.defaultValue
            case .refusal: return found == "" ? nil : found
            }
        }
        if let whole = template.whole { return value(whole) }
        var text = ""
        for piece in template.pieces {
            switch piece {
            case .text(let part): text += part
            case .value: return nil
            case .reference(let reference):
                switch value(reference) {
                case nil: return nil
                case .string(let part)?: text += part
                case let other?: text += other.json.rawValue
                }
            }
        }
        return .string(text)
    }

    @Test(arguments: 0..<200) func templatesBecomeWhatAModelSays(seed: UInt64) throws {
        var random = RandomTemplate(random: SeededGenerator(seed: seed))
        for _ in 0..<20 {
            let template = random.template()
            var values: [ExpressionReference: ParameterValue] = [:]
            for reference in template.references where Bool.random(using: &random.random) {
                values[reference.bare] = random.value()
            }
            var resolver = ValueResolver { reference in values[reference.bare].map { .value($0) } ?? .missing() }
            #expect((try? resolver.resolve(.template(template))) == naive(template, values), "\(template)")
        }
    }

    @Test(arguments: 0..<100) func whatIsRecordedIsReadAgain(seed: UInt64) throws {
        var random = RandomTemplate(random: SeededGenerator(seed: seed))
        var task = TaskDefinition("X", parameters: [:])
        for number in 0..<5 { task.parameters["p\(number)"] = .template(random.template()) }
        guard !task.boundReferences.isEmpty, task.boundReferences.allSatisfy({ $0.fallback != .none }) else { return }
        var job = JobDefinition(name: "job")
        job.tasks["x"] = task
        var values: [ExpressionReference: ParameterValue] = [:]
        for reference in task.boundReferences where Bool.random(using: &random.random) {
            values[reference.bare] = random.value()
        }
        let lookup: (ExpressionReference) -> ExpressionLookup = { reference in
            reference.kind == .item ? .value("item") : values[reference.bare].map { .value($0) } ?? .missing()
        }
        let roster = TaskRoster(job)
        let start = RunStart(of: .unknown, roster, ResumePlan(job, from: nil, leftOut: []))
        let preparation = NodePreparation.find(0, roster, TaskPreparer(job), start, lookup).preparation
        guard preparation.decision == .run else { return }
        #expect(Preparation(earlier: preparation.record, of: task, as: .task, keepsValues: true) == preparation)
    }

    @Test func textTakesNumbersAndTruthValues() throws {
        let group = GroupDescription(
            typeName: "T",
            parameters: [
                parameter("text", .text), parameter("number", .integer(minimum: nil, maximum: nil)),
                parameter("texts", .list(.text, isSet: false)), parameter("any", .any),
                parameter("env", .worded(.mapping(key: .text, value: .optional(.text)), expectation: "")),
            ]
        )
        var resolver = ValueResolver { _ in .value(42) }
        let value: ParameterValue = .template("$DICT{k}")
        let resolved = try resolver.resolve(
            ["text": value, "number": value, "texts": [value, "a"], "any": value, "env": ["A": value, "B": 1]],
            of: group
        )
        #expect(
            resolved == ["text": "42", "number": 42, "texts": ["42", "a"], "any": 42, "env": ["A": "42", "B": 1]]
        )
    }

    private func parameter(_ key: String, _ type: TypeDescription) -> ParameterDescription {
        ParameterDescription(key: key, propertyName: key, help: "", type: type, presence: .required)
    }

    @Test func whatIsMissingNamesItsPlace() {
        var resolver = ValueResolver { _ in .missing(because: "'list' failed") }
        let parameters: OrderedDictionary<String, ParameterValue> = ["a": ["x", .template("n: $OUT{list.rows}")]]
        do throws(ValueError) {
            _ = try resolver.resolve(parameters)
            Issue.record("it has no value")
        } catch {
            #expect(error.path.description == "a[1]")
            #expect(
                error.problem.wording
                    == "$OUT{list.rows} has no value, because 'list' failed; write $OUT{list.rows:default} if it may have none"
            )
        }
    }
}
