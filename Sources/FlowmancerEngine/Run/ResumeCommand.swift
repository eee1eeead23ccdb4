import FlowmancerCore

/// The command line that continues a run where it stops.
package struct ResumeCommand: Sendable, Hashable {
    /// One word of the command line.
    package enum Word: Sendable, Hashable {
        case plain(String)
        /// `key=value`, where the value may be part of a secret.
        case variable(key: String, value: String)
    }

    /// What its standard input has to be.
    package enum Input: Sendable, Hashable {
        case any
        case file(String)
        /// The job that this run read, which is not known to be in a file.
        case job
    }

    /// The directory to call it in.
    package var directory: String
    /// The program and its arguments.
    package var words: [Word]
    package var input: Input

    package init(directory: String, words: [Word], input: Input = .any) {
        self.directory = directory
        self.words = words
        self.input = input
    }

    /// Returns the text for a shell, with every secret masked.
    ///
    /// A variable with a secret is to be set by the person who calls the command: until then, a shell refuses it.
    ///
    /// - Parameters:
    ///   - secrets: A value of a variable is hidden, too, that such a text may have been made of.
    ///   - masker: Masks the secrets where they are part of a word.
    func text(hiding secrets: Set<String>, masker: SecretMasker?) -> String {
        let command = words.map { word in
            switch word {
            case .plain(let text): Self.quoted(masker.mask(text))
            case .variable(let key, let value):
                Self.isRevealing(value, secrets) || masker.mask(value) != value
                    ? Self.demand(for: masker.mask(key))
                    : Self.quoted(masker.mask("\(key)=\(value)"))
            }
        }
        let redirection =
            switch input {
            case .any: ""
            case .file(let path): " < \(Self.quoted(masker.mask(path)))"
            // A shell refuses it until the variable is set.
            case .job: " < \"${JOB_FILE:?the file of the job}\""
            }
        return "cd \(Self.quoted(masker.mask(directory))) && " + command.joined(separator: " ") + redirection
    }

    private static func isRevealing(_ value: String, _ secrets: Set<String>) -> Bool {
        guard !value.isEmpty else { return false }
        if secrets.contains(value) { return true }
        // Shorter texts are part of many others by chance.
        return value.utf8.count >= SecretText.minimumLength && secrets.contains { $0.contains(value) }
    }

    /// Returns `key="${KEY:?the secret key}"`: a shell goes on only if the environment variable is set.
    ///
    /// Only letters and digits of the key come into the braces: nothing there has another meaning for the shell.
    private static func demand(for key: String) -> String {
        let name = String(key.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        let variable = name.uppercased()
        // Others are no names, or would be set without anybody's doing.
        let isFree = variable.first?.isLetter == true && !variablesOfShells.contains(variable)
        return "\(quoted(key))=\"${\(isFree ? variable : "SECRET_\(variable)"):?the secret \(name)}\""
    }

    private static let variablesOfShells: Set = [
        "COLUMNS", "DISPLAY", "EDITOR", "ENV", "EUID", "GID", "GROUPS", "HISTFILE", "HOME", "HOST", "HOSTNAME",
        "HOSTTYPE", "IFS", "LANG", "LANGUAGE", "LINENO", "LINES", "LOGNAME", "MACHTYPE", "MAIL", "OLDPWD", "OPTARG",
        "OPTIND", "OSTYPE",
        "PAGER", "PATH", "PPID", "PROMPT", "PWD", "RANDOM", "SECONDS", "SHELL", "SHLVL", "TERM", "TMPDIR", "TZ", "UID",
        "USER", "USERNAME",
    ]

    /// Puts a word into quotes where a shell would take it for something else.
    private static func quoted(_ word: String) -> String {
        word.holdsSystemBytes ? quotedBytes(word) : word.shellWord
    }

    /// Returns `$'caf\xE9'`: a word that has bytes which are no text.
    private static func quotedBytes(_ word: String) -> String {
        let pieces = word.unicodeScalars.map { scalar in
            switch scalar {
            case "'", "\\": "\\\(scalar)"
            case _ where scalar.systemByte != nil: String(scalar).printable
            default: String(scalar)
            }
        }
        return "$'\(pieces.joined())'"
    }
}
