import Flowmancer

struct PrintReport: FlowTask {
    @Parameter var words: Int
    @Parameter var owner: String
    @Parameter var title: String

    func run() async throws { print("\(title), by \(owner): \(words) words") }
}

func makeReportJob() -> JobDefinition {
    var job = JobDefinition(name: "report")
    job.addTask("count", CountWords.self, parameters: ["text": "to be or not to be"])
    job.addTask(
        "print",
        PrintReport.self,
        parameters: [
            "words": .output("count", "word_count", default: 0),
            "owner": .shared("owner", default: "nobody"),
            "title": .template("Longest word: $OUT{count.longest:none}"),
        ]
    )
    return job
}
