import Testing

@testable import FlowmancerSlurm

struct SlurmJobIDTests {
    @Test(
        arguments: [
            ("17", 17, .whole), ("17_3", 17, .some([3...3])), ("17_[3-5]", 17, .some([3...5])),
            ("17_[1,3-5,9]", 17, .some([1...1, 3...5, 9...9])), ("17_[1-100%5]", 17, .some([1...100])),
            // squeue leaves out what is too long.
            ("17_[1,3,5,...]", 17, .some([1...1, 3...3, 5...5])),
        ] as [(String, Int, SlurmJobID.Tasks)]
    )
    func idsAreRead(text: String, job: Int, tasks: SlurmJobID.Tasks) {
        #expect(SlurmJobID(text) == SlurmJobID(job: job, tasks: tasks))
    }

    @Test(arguments: ["", "_", "x", "17_", "17_x", "-1", "17+1", "+17", "1_2_3"])
    func othersAreNot(text: String) {
        #expect(SlurmJobID(text) == nil)
    }

    @Test func pilotsAreListedInFewWords() {
        let pilots = ["17_3", "17_1", "9_1", "17_4", "17_5", "x", "17", "17_9", "17_3"]
        #expect(SlurmJobID.words(for: pilots) == ["9_[1]", "17_[1,3-5,9]"])
        #expect(SlurmJobID.words(for: []) == [])
        let scattered = SlurmJobID.words(for: (1...250).map { "5_\($0 * 2)" })
        #expect(scattered.count == 3)
        #expect(scattered.allSatisfy { $0.hasPrefix("5_[") && $0.hasSuffix("]") })
    }
}
