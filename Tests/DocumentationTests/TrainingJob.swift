import Flowmancer

struct Train: FlowTask {
    func run() async throws {
        print("training on \(metadata.resources["gpus"] ?? [])")
    }
}

func makeTrainingJob() -> JobDefinition {
    var job = JobDefinition(name: "training")
    job.configuration.resources = ["licence": ["a", "b"], "gpus": ["0", "1"]]
    job.addTask("train", Train.self)
    job.tasks["train"]?.resources = ["gpus": 1, "memory": [2 << 30, 4 << 30]]
    job.tasks["train"]?.priority = 10
    return job
}
