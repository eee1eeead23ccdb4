import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// Looks up whether tasks are up to date, and records those that completed. Used from several threads.
final class ReuseStore: Sendable {
    /// Where the records of all jobs of an app root are.
    static let directory = "\(FileSurveyor.ownDirectory)/reuse"

    private let hash: SystemHash
    private let key: [UInt8]
    private let surveyor: FileSurveyor
    let ledger: ReuseLedger

    /// Why nothing can be looked up or recorded, in words.
    struct Absence: Error, CustomStringConvertible {
        let description: String
    }

    /// Opens the records of a job.
    ///
    /// - Parameters:
    ///   - root: The app root.
    ///   - isReadOnly: Whether nothing is created or changed.
    /// - Returns: `nil` if nothing is changed and there are none.
    static func open(root: String, job: String, isReadOnly: Bool = false) throws(Absence) -> ReuseStore? {
        let path = root == "." ? directory : "\(root)/\(directory)"
        do {
            let hash = try SystemHash.system.get()
            if !isReadOnly {
                try FileSystem.createDirectories("\(root)/\(FileSurveyor.ownDirectory)", mode: 0o700)
                try FileSystem.createDirectories(path, mode: 0o700)
            }
            let directory = try OwnedDescriptor(path, O_RDONLY | O_DIRECTORY)
            return ReuseStore(
                hash: hash,
                key: try ReuseKey.read(in: directory, isReadOnly: isReadOnly),
                surveyor: try FileSurveyor(hash, root: root),
                ledger: ReuseLedger(in: directory, job: job, isReadOnly: isReadOnly)
            )
        } catch let error as SystemHash.Absence {
            throw Absence(description: error.description)
        } catch Errno.noSuchFileOrDirectory where isReadOnly {
            return nil
        } catch {
            throw Absence(description: "'\(path.printable)' cannot be used: \(error)")
        }
    }

    private init(hash: SystemHash, key: [UInt8], surveyor: FileSurveyor, ledger: ReuseLedger) {
        (self.hash, self.key, self.surveyor, self.ledger) = (hash, key, surveyor, ledger)
    }

    /// Ends the reading of files.
    func cancel() { surveyor.cancel() }

    // MARK: Looking up

    /// Judges whether a task is up to date.
    func judge(_ request: ReuseRequest) -> Result<ReuseRecord, ReuseRefusal> {
        let (memory, _) = ledger.memory(of: request.name)
        return judge(request, memory, subject(of: request), inputs(of: request, memory))
    }

    /// Decides whether a task runs, and notes that it begins if it does.
    func lookUp(_ request: ReuseRequest) -> ReuseAnswer {
        let (memory, beginning) = ledger.memory(of: request.name)
        let subject = subject(of: request)
        let inputs = inputs(of: request, memory)
        switch judge(request, memory, subject, inputs) {
        case .success(let record):
            // What had to be read this time need not be read the next time.
            if case .completed(let earlier) = memory, earlier != record, let beginning {
                try? ledger.complete(request.name, record, beginning: beginning)
            }
            return .upToDate(outputs: record.outputs)
        case .failure where surveyor.isCancelled:
            // Nobody waits for the answer: the task does not begin.
            return .run(.unavailable("the run is ending"), nil)
        case .failure(let refusal):
            do {
                let beginning = try ledger.begin(request.name)
                let observation = ReuseObservation(
                    request: request,
                    subject: subject,
                    inputs: inputs,
                    beginning: beginning
                )
                return .run(refusal, observation)
            } catch {
                return .run(.unavailable("the records cannot be written: \(error)"), nil)
            }
        }
    }

    private func subject(of request: ReuseRequest) -> ReuseSubject {
        ReuseSubject(
            type: request.type,
            parameters: hash.authenticate(request.parameterBytes, key: key),
            version: hash.authenticate(request.versionBytes, key: key)
        )
    }

    private func inputs(of request: ReuseRequest, _ memory: ReuseMemory) -> FileSurvey {
        let known = if case .completed(let record) = memory { record.inputs } else { [RecordedFile]() }
        return surveyor.survey(request.inputs, known: known)
    }

    private func judge(
        _ request: ReuseRequest,
        _ memory: ReuseMemory,
        _ subject: ReuseSubject,
        _ inputs: FileSurvey
    ) -> Result<ReuseRecord, ReuseRefusal> {
        if request.isForced { return .failure(.forced) }
        return memory.judge(subject, inputs: inputs) {
            let known = if case .completed(let record) = memory { record.products } else { [RecordedFile]() }
            return surveyor.survey(request.products, known: known)
        }
    }

    // MARK: Recording

    /// Why there is no record of a task that completed.
    enum RecordFailure: Error {
        case inputs(FileProblem)
        case inputChanged(FileDifference)
        case products(FileProblem)
        case unwritable(Errno)
    }

    /// Records a task that completed, if its inputs are those that it began with.
    func record(_ observation: ReuseObservation, outputs: JSONText?) throws(RecordFailure) {
        if let problem = observation.inputs.problem { throw .inputs(problem) }
        let inputs = surveyor.survey(observation.request.inputs, known: observation.inputs.files)
        if let problem = inputs.problem { throw .inputs(problem) }
        if let difference = FileDifference(from: observation.inputs.files, to: inputs.files) {
            throw .inputChanged(difference)
        }
        // It may have had other contents in between.
        for (before, after) in zip(observation.inputs.files, inputs.files) {
            if before.modified != after.modified { throw .inputChanged(.changed(after.path)) }
        }
        let products = surveyor.survey(observation.request.products, known: [])
        if let problem = products.problem { throw .products(problem) }
        let record = ReuseRecord(
            observation.subject,
            inputs: inputs.files,
            products: products.files,
            outputs: outputs
        )
        do throws(Errno) {
            try ledger.complete(observation.request.name, record, beginning: observation.beginning)
        } catch {
            throw .unwritable(error)
        }
    }
}
