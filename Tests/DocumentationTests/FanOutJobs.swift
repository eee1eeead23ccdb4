import Flowmancer

func makeLoadJob() -> JobDefinition {
    var job = JobDefinition(name: "load")
    job.addTask("load", Send.self) {
        $0.forEach = ["eu", "us"]
        $0.maxAttempts = 3
    }
    job.addTask("test", Send.self) {
        $0.forEach = ["system": ["linux", "macos"], "version": [5, 6]]
    }
    job.addTask("report", Send.self, dependsOn: ["load", "test"])
    return job
}

func limitGroup(_ task: inout TaskDefinition) {
    task.forEach = ForEach(
        [["code": "eu", "rows": 120], ["code": "us", "rows": 80]],
        key: "code",
        maxConcurrency: 8,
        maxFailures: 2
    )
}

func makeReleaseJob() -> JobDefinition {
    var publish = JobDefinition(name: "publish")
    publish.addTask("build", Send.self)
    publish.addTask("send", Send.self, dependsOn: ["build"])

    var job = JobDefinition(name: "release")
    job.addTask("check", Send.self)
    job.addJob("publish", publish, dependsOn: ["check"]) { $0.allowsFailure = true }
    job.addTask("announce", Send.self, dependsOn: ["publish/build"])
    return job
}

func runChains(_ job: inout JobDefinition, for chain: JobDefinition) {
    job.addJob("region", chain) { $0.forEach = ["eu", "us"] }
}
