import Flowmancer

struct ImmediatelySucceed: FlowTask {
    func run() async throws {
        // What a task prints goes to the job's loggers.
        print("Success!")
    }
}
