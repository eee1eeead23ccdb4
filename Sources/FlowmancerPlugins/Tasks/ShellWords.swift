/// Splits a command into words as a POSIX shell does, where no shell is needed to know what it means.
enum ShellWords {
    /// Returns the words of a command, without their quotes.
    ///
    /// - Returns: `nil` if only a shell can tell: the text expands something, redirects, is more than one command, has an
    ///   open quote, or begins with what a shell does itself. In doubt it is left to the shell, too.
    static func simpleCommand(in text: String) -> [String]? {
        guard let words = words(in: text), let first = words.first, !doneByShells.contains(first) else { return nil }
        return words
    }

    /// Returns the words of a text, without their quotes.
    ///
    /// - Returns: `nil` if only a shell can tell.
    static func words(in text: String) -> [String]? {
        var reader = Reader(bytes: Array(text.utf8))
        return reader.readAll()
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0
        var words: [String] = []
        /// `nil` between words: a pair of quotes with nothing in it is a word, too.
        var word: [UInt8]?

        mutating func readAll() -> [String]? {
            var isComplete = false
            while let byte = next() {
                switch byte {
                case Self.space, Self.tab:
                    endWord()
                case Self.newline:
                    endWord()
                    isComplete = !words.isEmpty
                default:
                    guard !isComplete, readPart(startingWith: byte) else { return nil }
                }
            }
            endWord()
            return words
        }

        /// Reads a character or what is in quotes; `false` if that is a matter for a shell.
        private mutating func readPart(startingWith byte: UInt8) -> Bool {
            switch byte {
            case Self.backslash:
                guard let escaped = next() else { return false }
                // A line that goes on in the next one.
                if escaped != Self.newline { append(escaped) }
                return true
            case Self.singleQuote:
                return readSingleQuotes()
            case Self.doubleQuote:
                return readDoubleQuotes()
            case UInt8(ascii: "=") where words.isEmpty:
                return false
            default:
                append(byte)
                return !Self.special.contains(byte)
            }
        }

        private mutating func readSingleQuotes() -> Bool {
            word = word ?? []
            while let byte = next() {
                if byte == Self.singleQuote { return true }
                append(byte)
            }
            return false
        }

        private mutating func readDoubleQuotes() -> Bool {
            word = word ?? []
            while let byte = next() {
                switch byte {
                case Self.doubleQuote:
                    return true
                case Self.dollar, Self.backquote:
                    return false
                case Self.backslash:
                    guard let escaped = next() else { return false }
                    switch escaped {
                    case Self.newline: break
                    case Self.dollar, Self.backquote, Self.doubleQuote, Self.backslash: append(escaped)
                    default:
                        append(byte)
                        append(escaped)
                    }
                default:
                    append(byte)
                }
            }
            return false
        }

        private mutating func next() -> UInt8? {
            guard position < bytes.count else { return nil }
            defer { position += 1 }
            return bytes[position]
        }

        private mutating func append(_ byte: UInt8) {
            word = (word ?? [])
            word?.append(byte)
        }

        private mutating func endWord() {
            guard let ended = word else { return }
            words.append(String(decoding: ended, as: UTF8.self))
            word = nil
        }

        private static let space = UInt8(ascii: " ")
        private static let tab = UInt8(ascii: "\t")
        private static let newline = UInt8(ascii: "\n")
        private static let backslash = UInt8(ascii: "\\")
        private static let singleQuote = UInt8(ascii: "'")
        private static let doubleQuote = UInt8(ascii: "\"")
        private static let dollar = UInt8(ascii: "$")
        private static let backquote = UInt8(ascii: "`")
        /// What means something to a shell, wherever it stands outside of quotes.
        private static let special = Set("|&;<>()$`*?[]{}~#!^".utf8)
    }

    /// Keywords and built-in commands of the usual shells. Some exist as programs as well, but not quite the same ones.
    private static let doneByShells: Set<String> = [
        ".", ":", "[[", "alias", "autoload", "bg", "bind", "break", "builtin", "caller", "case", "cd", "chdir",
        "command",
        "compgen", "complete", "compopt", "continue", "coproc", "declare", "dirs", "disown", "do", "done", "echo",
        "elif",
        "else", "emulate", "enable", "esac", "eval", "exec", "exit", "export", "false", "fc", "fg", "fi", "float",
        "for",
        "foreach", "function", "functions", "getopts", "hash", "help", "history", "if", "in", "integer", "jobs", "kill",
        "let", "local", "logout", "mapfile", "noglob", "popd", "print", "printf", "pushd", "pwd", "read", "readarray",
        "readonly", "rehash", "repeat", "return", "select", "set", "setopt", "shift", "shopt", "source", "suspend",
        "test",
        "then", "time", "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "unsetopt",
        "until", "wait", "whence", "while", "zmodload",
    ]
}
