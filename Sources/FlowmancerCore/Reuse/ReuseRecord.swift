/// What counts of a task itself, apart from files.
package struct ReuseSubject: Sendable, Hashable {
    /// The qualified name of its type.
    package let type: String
    /// Digests that only the holder of the key can make: there may be secrets in what they are made of.
    package let parameters: ContentDigest
    package let version: ContentDigest

    package init(type: String, parameters: ContentDigest, version: ContentDigest) {
        (self.type, self.parameters, self.version) = (type, parameters, version)
    }
}

/// What is kept of a task that completed.
package struct ReuseRecord: Sendable, Hashable {
    package let subject: ReuseSubject
    /// The inputs as they were before the task began.
    package var inputs: [RecordedFile]
    /// The products as they were when it had completed.
    package var products: [RecordedFile]
    /// What it published, a JSON object.
    package let outputs: JSONText?

    package init(_ subject: ReuseSubject, inputs: [RecordedFile], products: [RecordedFile], outputs: JSONText?) {
        (self.subject, self.inputs, self.products, self.outputs) = (subject, inputs, products, outputs)
    }
}

/// What is known of the last time that a task ran.
package enum ReuseMemory: Sendable, Hashable {
    /// Nothing.
    case none
    /// It began, and did not complete as far as anybody knows.
    case begun
    case completed(ReuseRecord)
}

/// Why a task runs that could be reused.
package enum ReuseRefusal: Error, Sendable, Hashable {
    case forced
    case neverCompleted
    /// It began the last time and has no record: it failed, was aborted or killed, or could not be recorded.
    case notCompleted
    case typeChanged
    case parametersChanged
    case versionChanged
    case input(FileProblem)
    case product(FileProblem)
    case inputChanged(String)
    case inputAdded(String)
    case inputRemoved(String)
    case productChanged(String)
    case productAdded(String)
    case productMissing(String)
    /// What is stored cannot be read or written.
    case unavailable(String)
}

extension ReuseMemory {
    /// Judges whether a task is up to date.
    ///
    /// - Parameters:
    ///   - subject: The task as it is.
    ///   - inputs: Its inputs as they are.
    ///   - products: Its products as they are. They are asked for last: reading them may take long.
    /// - Returns: The record, with the signatures that the files have now.
    package func judge(
        _ subject: ReuseSubject,
        inputs: FileSurvey,
        products: () -> FileSurvey
    ) -> Result<ReuseRecord, ReuseRefusal> {
        // What cannot be read says more than what is missing in the records.
        if let problem = inputs.problem { return .failure(.input(problem)) }
        guard case .completed(var record) = self else {
            return .failure(self == .begun ? .notCompleted : .neverCompleted)
        }
        if record.subject.type != subject.type { return .failure(.typeChanged) }
        if record.subject.version != subject.version { return .failure(.versionChanged) }
        if record.subject.parameters != subject.parameters { return .failure(.parametersChanged) }
        switch FileDifference(from: record.inputs, to: inputs.files) {
        case .changed(let path): return .failure(.inputChanged(path))
        case .added(let path): return .failure(.inputAdded(path))
        case .removed(let path): return .failure(.inputRemoved(path))
        case nil: break
        }
        let products = products()
        if let problem = products.problem { return .failure(.product(problem)) }
        switch FileDifference(from: record.products, to: products.files) {
        case .changed(let path): return .failure(.productChanged(path))
        case .added(let path): return .failure(.productAdded(path))
        case .removed(let path): return .failure(.productMissing(path))
        case nil: break
        }
        record.inputs = inputs.files
        record.products = products.files
        return .success(record)
    }
}

/// The first difference between the contents of two sets of files, both in the order of their paths.
package enum FileDifference: Sendable, Hashable {
    case changed(String)
    case added(String)
    case removed(String)

    package init?(from old: [RecordedFile], to new: [RecordedFile]) {
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < old.count || newIndex < new.count {
            guard newIndex < new.count else {
                self = .removed(old[oldIndex].path)
                return
            }
            guard oldIndex < old.count else {
                self = .added(new[newIndex].path)
                return
            }
            let (was, present) = (old[oldIndex], new[newIndex])
            if !was.hasPath(of: present) {
                self = was.precedes(present) ? .removed(was.path) : .added(present.path)
                return
            }
            if was.contents != present.contents {
                self = .changed(present.path)
                return
            }
            oldIndex += 1
            newIndex += 1
        }
        return nil
    }
}

extension ReuseRefusal: CustomStringConvertible {
    /// The reason in words.
    package var description: String {
        switch self {
        case .forced: "--force"
        case .neverCompleted: "never completed"
        case .notCompleted: "did not complete the last time"
        case .typeChanged: "its type changed"
        case .parametersChanged: "parameters changed"
        case .versionChanged: "version changed"
        case .input(let problem): "input \(problem)"
        case .product(let problem): "\(problem)"
        case .inputChanged(let path): "input \(path) changed"
        case .inputAdded(let path): "input \(path) is new"
        case .inputRemoved(let path): "input \(path) is gone"
        case .productChanged(let path): "\(path) changed"
        case .productAdded(let path): "\(path) is not known from the last time"
        case .productMissing(let path): "\(path) is missing"
        case .unavailable(let reason): reason
        }
    }
}

extension FileProblem: CustomStringConvertible {
    /// The problem in words.
    package var description: String {
        switch self {
        case .missing(let path): "\(path) is missing"
        case .unmatched(let pattern): "\(pattern) matches no file"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .noFile(let path): "\(path) is neither a file nor a directory"
        case .changing(let path): "\(path) is being changed"
        }
    }
}
