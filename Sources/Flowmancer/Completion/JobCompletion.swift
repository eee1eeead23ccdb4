import ArgumentParser
import FlowmancerJobFile
import FlowmancerSystem
import Glibc

/// What shells offer for values that depend on the job.
enum JobCompletion {
    /// The names of the job's tasks.
    static let tasks = CompletionKind.custom { words, _, _ in quoted(taskNames(words)) }

    /// The paths of the job's values.
    static let paths = CompletionKind.custom { words, _, prefix in quoted(paths(words, startingWith: prefix)) }

    /// Returns texts in the form in which the script of the shell takes them as they are: Bash would expand variables and
    /// commands in them, zsh would take what follows a colon for a description.
    private static func quoted(_ texts: [String]) -> [String] {
        texts.filter { $0.printable == $0 }.map { text in
            switch CompletionShell.requesting {
            case .bash?: "'\(text.replacingScalars { $0 == "'" ? "'\\''" : nil })'"
            case .zsh?: text.replacingScalars { "\\:".unicodeScalars.contains($0) ? "\\\($0)" : nil }
            default: text
            }
        }
    }

    /// Nothing is offered for a job that cannot be read: a shell has no place for errors.
    private static func taskNames(_ words: [String]) -> [String] {
        let words = CompletionWords(words)
        guard let loading = loading(words, Program(ProgramDescription.current)) else { return [] }
        return (try? loading.taskNames(words.jobFile.map(expandingHome))) ?? []
    }

    private static func paths(_ words: [String], startingWith prefix: String) -> [String] {
        let words = CompletionWords(words)
        let program = Program(ProgramDescription.current)
        guard let history = try? loading(words, program)?.history(words.jobFile.map(expandingHome)) else { return [] }
        let vocabulary = JobVocabulary(history, catalog: program.catalog)
        return PathCompletion(history: history, vocabulary: vocabulary).paths(startingWith: prefix)
    }

    private static func loading(_ words: CompletionWords, _ program: Program) -> JobLoading? {
        guard let options = try? LoadingOptions.parse(words.loadingArguments) else { return nil }
        return try? JobLoading(program, options)
    }

    /// Shells leave that to the program that they run.
    private static func expandingHome(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
        return String(cString: home) + path.dropFirst()
    }
}
