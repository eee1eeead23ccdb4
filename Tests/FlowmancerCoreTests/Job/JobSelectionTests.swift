import FlowmancerCore
import Testing

@Suite struct JobSelectionTests {
    /// `d` waits for `b` and `c`, these for `a`; `e` stands alone.
    private let diamond: TaskRoster = {
        var job = JobDefinition(name: "diamond")
        for (name, dependencies) in [("d", ["b", "c"]), ("a", []), ("b", ["a"]), ("c", ["a"]), ("e", [])] {
            job.tasks[name] = TaskDefinition("T")
            job.tasks[name]?.dependencies = dependencies
        }
        return TaskRoster(job)
    }()

    /// `list`; `load` for `eu` and `us`; `each`, a job of `fetch` and `send` for `a` and `b`, after `list`; `open`, whose items
    /// are known in the run only; `report` after `load[eu]` and `each[a]/fetch`; `all` after `load` and `open`.
    private let groups: TaskRoster = {
        var job = JobDefinition(name: "groups")
        func add(_ name: String, _ dependencies: [String] = [], in parent: String? = nil, _ items: ForEach? = nil) {
            job.tasks[name] = TaskDefinition("T")
            job.tasks[name]?.dependencies = dependencies
            job.tasks[name]?.parent = parent
            job.tasks[name]?.forEach = items
        }
        add("list")
        add("load", [], in: nil, ["eu", "us"])
        add("each", ["list"], in: nil, ["a", "b"])
        job.tasks["each"]?.subJob = SubJob()
        job.tasks["each"]?.variant = ""
        add("each/fetch", in: "each")
        add("each/send", ["fetch"], in: "each")
        add("open", [], in: nil, ForEach(.output("list", "names")))
        add("report", ["load[eu]", "each[a]/fetch"])
        add("all", ["load", "open"])
        return TaskRoster(job)
    }()

    private func leftOut(
        of roster: TaskRoster,
        skip: [String] = [],
        to: String? = nil,
        from: String? = nil
    ) -> (names: Set<String>, issues: [JobIssue]) {
        var selection = JobSelection()
        (selection.skip, selection.runTo, selection.runFrom) = (skip, to, from)
        let result = selection.leftOut(of: roster)
        return (Set(result.nodes.map { roster.names[$0] }), result.issues)
    }

    @Test(
        arguments: [
            ([], nil, nil, ""), (["a", "e"], nil, nil, "ae"), ([], "b", nil, "dce"), ([], nil, "b", "ace"),
            ([], "d", "b", "ace"), (["c"], "d", nil, "ce"), ([], nil, "?", ""),
        ] as [([String], String?, String?, String)]
    )
    func theOtherTasksAreLeftOut(skip: [String], runTo: String?, runFrom: String?, expected: String) {
        let result = leftOut(of: diamond, skip: skip, to: runTo, from: runFrom)
        #expect(result.names == Set(expected.map(String.init)))
        #expect(result.issues.isEmpty)
    }

    @Test(
        arguments: [
            (["b"], "b", "b", "--run-from"), ([], "b", "c", "--run-from"), (["a", "b"], "b", nil, "--run-to"),
            (["a", "b", "c", "d", "e"], nil, nil, "--skip"), (["*"], nil, nil, "--skip"),
        ] as [([String], String?, String?, String)]
    )
    func aSelectionOfNothingIsAnError(skip: [String], runTo: String?, runFrom: String?, option: String) {
        let issues = leftOut(of: diamond, skip: skip, to: runTo, from: runFrom).issues
        #expect(issues.map(\.path.description) == [option])
        #expect(issues.allSatisfy { $0.description.contains("no task is left to run") }, "\(issues)")
    }

    @Test func allNamesOfNothingAreReported() {
        let issues = leftOut(of: diamond, skip: ["a", "x"], to: "y", from: "z").issues
        #expect(issues.map(\.path.description) == ["--skip", "--run-to", "--run-from"])
        #expect(issues.map(\.problem) == ["x", "y", "z"].map { .unknownTask($0, known: diamond.names) })
    }

    // MARK: Groups

    @Test(
        arguments: [
            (["load[us]"], ["load[us]"]), (["load"], ["load", "load[eu]", "load[us]"]),
            (["each[b]"], ["each[b]", "each[b]/fetch", "each[b]/send"]),
            (["each[b]/send"], ["each[b]/send"]), (["open"], ["open"]),
            // Of every item.
            (["each/send"], ["each[a]/send", "each[b]/send"]),
            (["load[e*]"], ["load[eu]"]), (["*[?]"], ["each[a]", "each[b]"]),
            (["each[?]/s*"], ["each[a]/send", "each[b]/send"]), (["*[b]/*"], ["each[b]/fetch", "each[b]/send"]),
            // A pattern does not lead into a job by itself.
            (["*send"], []), (["re*"], ["report"]),
        ] as [([String], [String])]
    )
    func itemsAndPatternsAreLeftOut(_ skip: [String], _ expected: [String]) {
        let result = leftOut(of: groups, skip: skip)
        if expected.isEmpty {
            #expect(result.issues.count == 1)
        } else {
            let inner = expected.contains("each[a]") ? groups.names.filter { $0.hasPrefix("each[") } : []
            #expect(result.names == Set(expected + inner), "\(result.issues)")
            #expect(result.issues.isEmpty)
        }
    }

    @Test func whatIsNeededOfGroupsIsNotLeftOut() {
        let needed = Set(groups.names).subtracting(leftOut(of: groups, to: "report").names)
        #expect(needed == ["report", "load", "load[eu]", "each", "each[a]", "each[a]/fetch", "list"])
        let item = Set(groups.names).subtracting(leftOut(of: groups, to: "load[us]").names)
        #expect(item == ["load", "load[us]"])
        let open = Set(groups.names).subtracting(leftOut(of: groups, to: "open").names)
        #expect(open == ["open", "list"])
    }

    @Test func whatFollowsAnItemIsNotLeftOut() {
        func following(_ name: String) -> Set<String> {
            Set(groups.names).subtracting(leftOut(of: groups, from: name).names)
        }
        #expect(following("load[us]") == ["load", "load[us]", "all"])
        #expect(following("load[eu]") == ["load", "load[eu]", "all", "report"])
        #expect(following("each[a]") == ["each", "each[a]", "each[a]/fetch", "each[a]/send", "report"])
        #expect(following("load[*]") == ["load", "load[eu]", "load[us]", "all", "report"])
        #expect(following("open") == ["open", "all"])
    }

    @Test(
        arguments: [
            ("load[ue]", "'load' has no item 'load[ue]'; did you mean 'load[eu]'?"),
            ("each[c]/send", "'each' has no item 'each[c]'; did you mean 'each[a]'?"),
            (
                "open[x]",
                "'open[x]' cannot be named: the items of 'open' are known in the run only; name 'open', which stands for "
                    + "all of its items"
            ),
            (
                "open[x*]",
                "'open[x*]' cannot be named: the items of 'open' are known in the run only; name 'open', which stands for "
                    + "all of its items"
            ), ("list[x]", "there is no 'list[x]': 'list' has no 'for_each'; name 'list'"),
            ("lits", "no task is named 'lits'; did you mean 'list'?"),
            ("ropert*", "no task has a name that matches 'ropert*'; did you mean 'report'?"),
        ]
    )
    func whatANameLacksIsSaid(_ name: String, _ message: String) {
        let issues = leftOut(of: groups, skip: [name]).issues
        #expect(issues.map(\.message) == [message])
        var selection = JobSelection()
        selection.force = [name]
        #expect(selection.forced(in: groups).issues.map(\.message) == [message])
    }

    @Test func whatIsForcedMayBeASingleItem() {
        func forced(_ names: String...) -> [String] {
            var selection = JobSelection()
            selection.force = names
            return selection.forced(in: groups).nodes.sorted().map { groups.names[$0] }
        }
        #expect(forced("load[eu]") == ["load[eu]"])
        #expect(forced("each", "l*") == ["list", "load", "each", "load[eu]", "load[us]"])
        let each = Set([groups.names.firstIndex(of: "each[a]")!])
        #expect(
            groups.names.indices.filter { groups.isIn(each, $0) }.map { groups.names[$0] } == [
                "each[a]", "each[a]/fetch", "each[a]/send",
            ]
        )
    }
}
