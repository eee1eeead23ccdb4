import FlowmancerEngine

extension RunCommand {
    /// Returns the command line that continues the run which this one asks for.
    ///
    /// - Parameters:
    ///   - program: The program as it was called.
    ///   - directory: The working directory when it was called.
    ///   - appRoot: The app root, if the environment names it.
    func resumeCommand(program: String, directory: String, appRoot: String?) -> ResumeCommand {
        var words: [ResumeCommand.Word] = [.plain(program)]
        func add(_ flag: String, _ value: String?) {
            if let value { words += [.plain(flag), .plain(value)] }
        }
        add("-j", jobdef)
        add("--type", type)
        words.append(.plain("-r"))
        if rerunChanged { words.append(.plain("--rerun-changed")) }
        for task in skip { add("--skip", task) }
        add("--run-to", runTo)
        add("--run-from", runFrom)
        add("--max-concurrency", maxConcurrency.map(String.init))
        for (key, value) in variableValues.sorted(by: { $0.key < $1.key }) {
            words += [.plain("--var"), .variable(key: key, value: value)]
        }
        add("--app-root", self.appRoot ?? appRoot)
        if strict { words.append(.plain("--strict")) }
        if debug { words.append(.plain("--debug")) }
        return ResumeCommand(directory: directory, words: words)
    }
}
