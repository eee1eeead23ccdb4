import FlowmancerCore
import Testing

@testable import FlowmancerJobFile

/// Text that is nearly a variable, and variables that nothing uses.
@Suite struct VariableNearMissTests {
    @Test(
        arguments: [
            ("$ENV{HOME ${HOME}", "so this one is named \"HOME ${HOME\"; did you mean $ENV{HOME}?"),
            ("$ENV{HOME:-x}", "begins with '-', because a default follows ':' and not ':-' as in shells"),
            ("$ENV{HOME:-x}", "write $ENV{HOME:default}, or $ENV{HOME:=-default} if"),
            ("$VAR{a:+b}", "begins with '+'"), ("$VAR{a:-}", "begins with '-'"),
            ("$VAR{a:${B}}", "so the default of $VAR{a} cannot contain braces"),
            (
                "x ${ENV:HOME} y",
                "'${ENV:HOME}' is not replaced, because it is not a variable; did you mean '$ENV{HOME}'?"
            ),
            ("${env:HOME}", "did you mean '$ENV{HOME}'?"), ("${VAR.x:s}", "'${VAR.x:…}' is not replaced"),
            ("${VAR{x}}", "'${VAR{x}}' is not replaced"), ("$(ENV:HOME)", "did you mean '$ENV{HOME}'?"),
            ("$ENV(HOME)", "'$ENV(HOME)' is not replaced"), ("$VAR[x]", "did you mean '$VAR{x}'?"),
            ("$env{HOME}", "'$env{HOME}' is not replaced"), ("$EVN{HOME}", "did you mean '$ENV{HOME}'?"),
            ("$VARS{x:sesame}", "'$VARS{x:…}' is not replaced"),
        ]
    )
    func nearMissesAreWarnedOf(text: String, message: String) throws {
        let yaml = try loadYAML(
            "tasks:\n  a:\n    task: T\n    parameters:\n      x: \(text)\n      y: !sub \"\(text)\"",
            environment: ["HOME": "h", "HOME ${HOME": "h"],
            variables: text.contains("VAR{a") ? ["a": "h"] : [:]
        )
        let json = try loadJSON(
            #"{"tasks": {"a": {"task": "T", "parameters": {"x": "\#(text)"}}}}"#,
            environment: ["HOME": "h", "HOME ${HOME": "h"],
            variables: text.contains("VAR{a") ? ["a": "h"] : [:]
        )
        for (job, count) in [(yaml, 2), (json, 1)] {
            #expect(job.issues.count { $0.message.contains(message) } == count, "\(job.issues)")
            #expect(job.issues.allSatisfy { $0.severity == .warning && $0.location != nil }, "\(job.issues)")
            #expect(job.issues.count == count, "\(job.issues)")
        }
    }

    /// The name that is not set is not said twice.
    @Test func aNameWithABraceIsOneWarning() throws {
        let job = try loadYAML("tasks:\n  a:\n    task: T\n    parameters:\n      x: $ENV{HOME ${HOME}")
        #expect(job.issues.count == 1)
        #expect(job.definition.unsetVariables.map(\.nearest) == ["$ENV{HOME}"])
    }

    @Test(
        arguments: [
            "$VAR{x:-1}", "$VAR{x:-0.5}", "$VAR{x:+2}", "$VAR{x:=-v}", "${VAR:-x}", "${VAR:0:2}", "$FOO{A}", "$HOME",
            "mv $var{,.bak}", "${HOME}", "$$env{A}", "$$ENV{A}", "$(env)", "$VAR:latest", "$INC{x}",
        ]
    )
    func whatOthersWriteIsSilent(text: String) throws {
        let job = try loadYAML("tasks:\n  a:\n    task: T\n    parameters:\n      x: \(text)\n      y: !sub '\(text)'")
        #expect(job.issues == [])
    }

    // MARK: Unused variables

    @Test func aVariableThatNothingUsesIsWarnedOf() throws {
        let directory = try JobDirectory([
            "base.yaml":
                "tasks:\n  a:\n    task: $VAR{task}\n    parameters:\n      x: $VAR{target:t}\n      y: '$VAR{quoted}'",
            "job.yaml":
                "include:\n  - $VAR{base}.yaml\ntasks:\n  a:\n    parameters: {x: overridden}\n    $VAR{key}: T",
        ])
        var variables = ["task": "T", "target": "x", "quoted": "q", "base": "base", "key": "task"]
        #expect(
            directory.load("job.yaml", variables: variables).issues.allSatisfy { $0.message.contains("quoted text") }
        )
        variables["tagret"] = "x"
        variables["other"] = "y"
        let messages = directory.messages("job.yaml", variables: variables)
        #expect(
            messages.prefix(2) == [
                "warning: the variable 'other' has a value, but the job does not use $VAR{other}; it can be one of: "
                    + "$VAR{base}, $VAR{key}, $VAR{quoted}, $VAR{target}, $VAR{task}",
                "warning: the variable 'tagret' has a value, but the job does not use $VAR{tagret}; "
                    + "did you mean $VAR{target}?",
            ]
        )
        #expect(
            try JobDirectory(["job.yaml": "tasks: {a: {task: T}}"]).messages("job.yaml", variables: ["x": "1"]) == [
                "warning: the variable 'x' has a value, but the job does not use $VAR{x}; it uses no $VAR{…}"
            ]
        )
    }
}
