import FlowmancerEngine
import FlowmancerJobFile

extension RunCommand {
    /// Returns the command line that continues the run which this one asks for.
    ///
    /// - Parameters:
    ///   - program: The program as it was called.
    ///   - directory: The working directory when it was called.
    ///   - appRoot: The app root, if the environment names it.
    ///   - inputFile: The file that is the standard input, if it is one.
    func resumeCommand(program: String, directory: String, appRoot: String?, inputFile: String?) -> ResumeCommand {
        let selection = settings.selection
        var words: [ResumeCommand.Word] = [.plain(program)]
        func add(_ flag: String, _ value: String?) {
            if let value { words += [.plain(flag), .plain(value)] }
        }
        add("-j", file.path)
        add("--type", file.loading.type)
        words.append(.plain("-r"))
        if selection.rerunChanged { words.append(.plain("--rerun-changed")) }
        for task in selection.skip { add("--skip", task) }
        add("--run-to", selection.runTo)
        add("--run-from", selection.runFrom)
        for task in selection.force { add("--force", task) }
        add("--max-concurrency", settings.maxConcurrency.map(String.init))
        add("--executor", settings.executor)
        for (key, value) in file.loading.variableValues.sorted(by: { $0.key < $1.key }) {
            words += [.plain("--var"), .variable(key: key, value: value)]
        }
        add("--app-root", file.loading.appRoot ?? appRoot)
        if settings.strictness.strict { words.append(.plain("--strict")) }
        if settings.debug { words.append(.plain("--debug")) }
        let input: ResumeCommand.Input =
            file.path != StandardInput.argument ? .any : inputFile.map { .file($0) } ?? .job
        return ResumeCommand(directory: directory, words: words, input: input)
    }
}
