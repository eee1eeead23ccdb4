import Flowmancer

struct WaitAndSucceed: FlowTask {
    @Parameter("Stored in the shared dictionary.") var myRequiredStringVar: String
    @Parameter("How long to sleep, in seconds.") var myOptionalIntVar = 5

    func run() async throws {
        // Other tasks find the value under its key, in whichever process they run.
        try await sharedDict.set("my_var", to: "Hello from: \(myRequiredStringVar)!")

        print("Starting up and sleeping for \(myOptionalIntVar) seconds!")
        try await Task.sleep(for: .seconds(myOptionalIntVar))
        print("Done!")
    }
}
