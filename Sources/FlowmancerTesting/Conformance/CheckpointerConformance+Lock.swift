import Flowmancer

extension CheckpointerConformance {
    /// The rules about what keeps a second run of a job away.
    var lockRules: [ConformanceRule] {
        [
            ConformanceRule("a second lock of a job is refused with CheckpointLockedError") {
                let first = try await make()
                let lock = try await lock("conformance", first)
                defer { lock.release() }
                try await expectRefusal("conformance", by: first, "the instance that holds the lock")
                try await expectRefusal("conformance", by: make(), "another instance")
            },
            ConformanceRule("a lock that was released can be taken again") {
                for _ in 0..<3 {
                    let lock = try await lock("conformance", make())
                    lock.release()
                }
                let last = try await make()
                let lock = try await lock("conformance", last)
                lock.release()
                try await self.lock("conformance", last).release()
            },
            ConformanceRule("releasing a lock twice does not release the lock of somebody else") {
                let first = try await lock("conformance", make())
                first.release()
                let second = try await lock("conformance", make())
                defer { second.release() }
                first.release()
                try await expectRefusal("conformance", by: make(), "another instance")
            },
            ConformanceRule("the locks of different jobs do not hinder each other") {
                var locks: [any CheckpointLock] = []
                defer { for lock in locks { lock.release() } }
                for name in AwkwardContents.names {
                    do {
                        locks.append(try await lock("conformance\(name)", make()))
                    } catch is CheckpointLockedError {
                        throw ConformanceRule.Finding("'conformance\(name)' is locked as soon as a similar name is")
                    }
                }
                try await expectRefusal("conformancea", by: make(), "another instance")
            },
            ConformanceRule("of many who want a lock at the same time, one at most gets it") {
                try await lock("conformance", make()).release()
                let locks = try await withThrowingTaskGroup { group in
                    for _ in 0..<8 {
                        group.addTask { () -> (any CheckpointLock)? in
                            do {
                                return try await lock("conformance", make())
                            } catch is CheckpointLockedError {
                                return nil
                            }
                        }
                    }
                    return try await group.reduce(into: [any CheckpointLock]()) { if let lock = $1 { $0.append(lock) } }
                }
                for lock in locks { lock.release() }
                try ConformanceRule.require(locks.count == 1, "\(locks.count) got it")
            },
            ConformanceRule("a locked job can be stored and read, also by others") {
                let holder = try await make()
                let lock = try await lock("conformance", holder)
                defer { lock.release() }
                let contents = CheckpointContents(name: "conformance", states: ["a": .running])
                try await holder.writeCheckpoint(contents, for: "conformance")
                try await expect(contents, "while the job is locked")
                try await holder.clearCheckpoint(for: "conformance")
            },
        ]
    }

    private func lock(_ name: String, _ checkpointer: Checkpointer) async throws -> any CheckpointLock {
        guard let lock = try await checkpointer.acquireLock(for: name) else { throw ConformanceRule.Inapplicable() }
        return lock
    }

    private func expectRefusal(_ name: String, by checkpointer: Checkpointer, _ who: String) async throws {
        do {
            let lock = try await checkpointer.acquireLock(for: name)
            lock?.release()
        } catch let error as CheckpointLockedError {
            return try ConformanceRule.require(error.name == name, "the error names the job '\(error.name)'")
        }
        throw ConformanceRule.Finding("\(who) got it, too")
    }
}
