extension Preparation {
    /// What is recorded of a task that is up to date.
    private static let reusedWord = "up to date"
    /// What is recorded of one that is not.
    private static let notReusedWord = "run"

    /// The same for a task that is up to date: it completes without running.
    package var reused: Preparation {
        Preparation(.complete, because: Reuse.upToDate, record: record.recording(Self.reusedWord))
    }

    /// The same for a task that runs, since it is not up to date.
    package var notReused: Preparation {
        var preparation = self
        preparation.record = record.recording(Self.notReusedWord)
        return preparation
    }
}

extension JSONText {
    /// The object of a decision, with what was found out about reuse; in the place of what an earlier run found.
    fileprivate func recording(_ word: String) -> JSONText {
        if rawValue == "{}" { return JSONText(rawValue: #"{"reuse":"\#(word)"}"#) }
        guard case .object(var members) = ParameterValue(json: self) else { return self }
        members["reuse"] = .string(word)
        return ParameterValue.object(members).json
    }
}
