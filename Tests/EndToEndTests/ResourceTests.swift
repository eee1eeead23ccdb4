import Foundation
import Testing

/// What attempts ask for, and in which order they start.
@Suite(.ownThread) struct ResourceTests {
    @Test(arguments: ["db: 1", "db: [only]"]) func whatShareAUnitNeverOverlap(supply: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (0..<40).map { number in
            "  t\(number): {task: Shell, resources: {db: 1}, parameters: {command: 'mkdir lock && rmdir lock'}}"
        }
        let result = try sandbox.run(
            "config: {resources: {\(supply)}}\nloggers: {}\ntasks:\n\(tasks.joined(separator: "\n"))"
        )
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func asManyAsThereIsRoomForRunAtOnce() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // Each waits for the other one.
        let task = { (own: String, other: String) in
            "{task: Shell, resources: {db: 1}, parameters: {command: 'mkfifo \(own); until test -p \(other); do :; done'}}"
        }
        let result = try sandbox.run(
            "config: {resources: {db: 2}}\ntasks: {a: \(task("a", "b")), b: \(task("b", "a"))}"
        )
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test(arguments: ["pool", "process"]) func attemptsAreToldTheNamesOfTheirUnits(isolation: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config:
              isolation: \(isolation)
              resources: {licence: [a, b], 'my-gpu.v2': [0, 1], db: 5}
            tasks:
              both: {task: PrintResources, resources: {licence: 2, db: 3}}
              one: {task: PrintResources, dependencies: [both], resources: {my-gpu.v2: 1, licence: 1}}
              none: {task: PrintResources, resources: {db: 1}}
              command:
                task: Shell
                dependencies: [one]
                resources: {my-gpu.v2: 2, licence: 1, db: 1}
                parameters:
                  command: 'echo "$FLOWMANCER_RESOURCE_MY_GPU_V2 $FLOWMANCER_RESOURCE_LICENCE ${FLOWMANCER_RESOURCE_DB-unset}"'
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("both") == ["INFO - licence: a b", "INFO - told of 1"])
        #expect(try sandbox.log("one") == ["INFO - licence: a", "INFO - my-gpu.v2: 0", "INFO - told of 2"])
        #expect(try sandbox.log("none") == ["INFO - told of 0"])
        #expect(try sandbox.log("command") == ["INFO - 0,1 a unset"])
    }

    @Test func everyAttemptHasADemandOfItsOwn() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {resources: {licence: [a, b, c]}}
            tasks:
              grows:
                task: Shell
                max_attempts: 2
                resources: {licence: [1, 3]}
                parameters: {command: 'echo "$FLOWMANCER_RESOURCE_LICENCE"; test -e tried || { touch tried; exit 1; }'}
            """
        #expect(try sandbox.run(job).exitCode == 0)
        let lines = try sandbox.log("grows").filter { $0.hasPrefix("INFO") }
        #expect(lines == ["INFO - a", "INFO - a,b,c"])
    }

    @Test func aRestartAsksForTheSameAndAChangeIsNoOtherTask() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = { (demand: String) in
            """
            config: {resources: {licence: [a, b]}}
            tasks:
              done: {task: NoOp, resources: {licence: \(demand)}, priority: \(demand)}
              last:
                task: Shell
                dependencies: [done]
                resources: {licence: \(demand)}
                parameters: {command: 'echo "$FLOWMANCER_RESOURCE_LICENCE"; test -e go'}
            """
        }
        #expect(try sandbox.run(job("1")).exitCode == 1)
        try sandbox.write("", to: "go")
        let restarted = try sandbox.run(job("2"), "-r", "--rerun-changed")
        #expect(restarted.exitCode == 0)
        #expect(restarted.errors.contains("1 of 2") || !restarted.errors.contains("changed"), "\(restarted.errors)")
        #expect(try sandbox.log("last") == ["INFO - a,b"])
        #expect(!FileManager.default.fileExists(atPath: try sandbox.logFile("done")))
    }

    @Test func aHigherPriorityThenALongerPathThenTheOrderOfTheFileDecides() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let names = ["plain", "head", "middle", "end", "low", "high", "other"]
        let keys = [
            "middle": "dependencies: [head], ", "end": "dependencies: [middle], ", "low": "priority: -1, ",
            "high": "priority: 10, ",
        ]
        let tasks = names.map {
            "  \($0): {task: Shell, \(keys[$0] ?? "")parameters: {command: 'echo \($0) >> order'}}"
        }
        let result = try sandbox.run("config: {max_concurrency: 1}\ntasks:\n\(tasks.joined(separator: "\n"))")
        #expect(result.exitCode == 0)
        #expect(try sandbox.read("order") == "high\nhead\nmiddle\nplain\nend\nother\nlow\n")
    }

    @Test func amountsMayBeKnownInTheRunOnly() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {name: open, resources: {licence: [a, b, c]}}
            tasks:
              list: {task: Shell, parameters: {command: 'printf "count=2\\nword=many\\nall=99\\n" > "$FLOWMANCER_OUTPUT"'}}
              use:
                task: Shell
                resources:
                  licence: $OUT{list.count}
                parameters: {command: 'echo "$FLOWMANCER_RESOURCE_LICENCE"'}
              each:
                task: Shell
                for_each: {items: [{n: 1}, {n: 3}], key: n}
                resources:
                  licence: $ITEM{n}
                parameters: {command: 'echo "$FLOWMANCER_RESOURCE_LICENCE"'}
              wrong:
                task: NoOp
                resources:
                  licence: $OUT{list.word}
              scarce:
                task: NoOp
                resources:
                  licence: $OUT{list.all}
            """
        )
        #expect(result.exitCode == 2, "\(result.errors)")
        #expect(try sandbox.log("use") == ["INFO - a,b"])
        #expect(try sandbox.log("each[3]") == ["INFO - a,b,c"])
        #expect(try sandbox.log("each[1]").first?.hasPrefix("INFO - ") == true)
        #expect(result.output.contains("resources.licence: expected a whole number of at least 1"), "\(result.output)")
        #expect(result.output.contains("it asks for more of 'licence' than there is"), "\(result.output)")
        let plan = try sandbox.start(["plan", "-j", "job.yaml"]).wait().output
        #expect(plan.contains("licence $OUT{list.count}"), "\(plan)")
    }

    // MARK: What the machine has

    @Test func graphicsProcessorsAreThoseThatAreVisible() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = { (config: String) in
            """
            config: {\(config)}
            tasks:
              train:
                task: Shell
                resources: {gpus: 2, cpus: 1, memory: 1M}
                parameters: {command: 'echo "$FLOWMANCER_RESOURCE_GPUS"'}
            """
        }
        #expect(try sandbox.run(job(""), environment: ["CUDA_VISIBLE_DEVICES": "GPU-a,GPU-b"]).exitCode == 0)
        #expect(try sandbox.log("train") == ["INFO - GPU-a,GPU-b"])
        #expect(
            try sandbox.run(job("resources: {gpus: [x, y, z]}"), environment: ["CUDA_VISIBLE_DEVICES": ""]).exitCode
                == 0
        )
        #expect(try sandbox.log("train") == ["INFO - x,y"])
        let lacking = try sandbox.run(job(""), environment: ["CUDA_VISIBLE_DEVICES": "3"])
        #expect(lacking.exitCode == 1)
        #expect(
            lacking.errors.contains(
                "job.yaml:5:23: error: tasks.train.resources.gpus: an attempt asks for 2 of 'gpus', but this machine has only 1"
            ),
            "\(lacking.errors)"
        )
    }

    // MARK: What commands say of it

    @Test func mistakesHaveTheirPlaces() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config:
              resources: {db: 2, licence: [a, b, a], tape: 0, unit: [], my-db: [x], my.db: [x], disk: -1}
            tasks:
              a: {task: NoOp, resources: {dbs: 1}}
              b: {task: NoOp, resources: {db: 3}}
              c: {task: NoOp, resources: {db: [1, 2, 3]}}
              d: {task: NoOp, resources: {db: 0, licence: -1}}
              e: {task: NoOp, resources: {memory: lots}, priority: high}
              f: {task: NoOp, resources: [db]}
              g: {task: NoOp, resources: {cpus: 1000000}}
              h: {task: NoOp, resources: {tapes: []}}
            """,
            to: "job.yaml"
        )
        let result = try sandbox.start(["validate", "-j", "job.yaml"]).wait()
        #expect(result.exitCode == 1)
        let text = result.errors + result.output
        let amount = "a whole number of at least 1, or a size such as 512M or 2G"
        for expected in [
            "2:38: error: config.resources.licence[2]: the unit 'a' is listed twice, first as [0]; remove one of them",
            "2:48: error: config.resources.tape: expected \(amount); or a list of the names of its units, found the number 0",
            "2:51: error: config.resources.unit: it is empty; expected",
            "2:73: error: config.resources.\"my.db\": 'my.db' cannot be a name: the units of 'my-db' and 'my.db' would both be told "
                + "in FLOWMANCER_RESOURCE_MY_DB; rename one of them",
            "2:91: error: config.resources.disk: expected \(amount); or a list of the names of its units, found the number -1",
            "4:31: error: tasks.a.resources.dbs: there is no resource 'dbs'; did you mean 'db'? (or add it to 'resources' in "
                + "'config')",
            "5:35: error: tasks.b.resources.db: an attempt asks for 3 of 'db', but there is only 2; ask for less, or raise "
                + "'resources.db' in 'config'",
            "6:42: error: tasks.c.resources.db[2]: an attempt asks for 3 of 'db'",
            "7:35: error: tasks.d.resources.db: expected \(amount); or a list of them for attempt 1, 2, …, found the number 0",
            "7:47: error: tasks.d.resources.licence: expected \(amount)",
            "8:39: error: tasks.e.resources.memory: expected \(amount)",
            "8:56: error: tasks.e.priority: expected an integer, found the text \"high\"",
            "9:30: error: tasks.f.resources: expected a mapping of resources to amounts, such as {db: 1, memory: 2G}, found a list",
            "10:37: error: tasks.g.resources.cpus: an attempt asks for 1000000 of 'cpus', but this machine has only ",
            "11:31: error: tasks.h.resources.tapes: it is empty; expected",
        ] {
            #expect(text.contains(expected), "\(expected)\n\(text)")
        }
    }

    @Test func planExplainAndTheDumpKnowThem() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {name: j, resources: {db: 2, licence: [a, b]}}
            tasks:
              load: {task: NoOp, resources: {db: 1, memory: [1M, 1536K]}, priority: 10}
              sum: {task: NoOp, dependencies: [load], resources: {licence: 2}}
            """,
            to: "job.yaml"
        )
        func text(_ arguments: String...) throws -> String {
            let result = try sandbox.start([arguments[0], "-j", "job.yaml"] + arguments.dropFirst()).wait()
            #expect(result.exitCode == 0, "\(result.errors)")
            return result.output
        }
        let plan = try text("plan")
        #expect(plan.contains("; resources: db 2, memory "), "\(plan)")
        #expect(plan.contains(", licence 2 (a, b)\n"), "\(plan)")
        #expect(plan.contains("load  NoOp  resources: db 1, memory 1M then 1.5M, priority: 10"), "\(plan)")
        #expect(plan.contains("sum  NoOp  after load, resources: licence 2"), "\(plan)")
        let json = try text("plan", "--json").filter { !$0.isWhitespace }
        #expect(json.contains(#""resources":{"db":[1],"memory":[1048576,1572864]}"#), "\(json)")
        #expect(json.contains(#""priority":10"#) && json.contains(#""licence":["a","b"]"#), "\(json)")
        #expect(try text("explain", "config.resources.licence[1]").hasPrefix("config.resources.licence[1] = \"b\""))
        #expect(try text("explain", "tasks.load.resources.memory[0]").contains("job.yaml:3:"))
        #expect(try text("explain", "tasks.sum.priority").contains("no file sets it"))
    }
}
