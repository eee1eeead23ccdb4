/// How a command is executed: the program and its arguments.
struct ShellInvocation: Equatable {
    /// The program's name or path, then its arguments.
    let words: [String]
    let usesShell: Bool
    /// The same through a shell; `nil` if that would be something else.
    var throughShell: ShellInvocation? { text.map { ShellInvocation(text: $0, shell: Self.defaultShell) } }

    /// The command's text if it was split without a shell.
    private let text: String?

    private static let defaultShell = ShellProgram(words: ["/bin/sh"])

    /// - Parameters:
    ///   - command: What to run.
    ///   - shell: The shell that is used in any case if the command is text.
    init(_ command: ShellCommand, shell: ShellProgram?) {
        switch command {
        case .words(let words):
            self.init(words: words, usesShell: false, text: nil)
        case .script(let script):
            self.init(text: script.text, shell: shell ?? Self.defaultShell)
        case .text(let text):
            if shell == nil, let words = ShellWords.simpleCommand(in: text) {
                self.init(words: words, usesShell: false, text: text)
            } else {
                self.init(text: text, shell: shell ?? Self.defaultShell)
            }
        }
    }

    private init(text: String, shell: ShellProgram) {
        self.init(words: shell.words + ["-c", text], usesShell: true, text: nil)
    }

    private init(words: [String], usesShell: Bool, text: String?) {
        self.words = words
        self.usesShell = usesShell
        self.text = text
    }
}
