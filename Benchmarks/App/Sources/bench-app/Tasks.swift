import Flowmancer

/// Succeeds at once.
struct NoOp: FlowTask {
    func run() async throws {}
}

/// Prints lines of 60 characters.
struct PrintLines: FlowTask {
    @Parameter var count = 100

    func run() async throws {
        for number in 0..<count { print("line \(number) ".padded(to: 60)) }
    }
}

extension String {
    fileprivate func padded(to length: Int) -> String {
        self + String(repeating: "x", count: max(0, length - count))
    }
}
