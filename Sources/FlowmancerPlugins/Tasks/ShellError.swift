import SystemPackage

/// Why a ``Shell`` task did not succeed.
enum ShellError: Error, Equatable {
    case notFound(String, searchPath: String)
    case notExecutable(String)
    case isDirectory(String)
    case missingFile(String)
    case missingInterpreter(String, line: String)
    case notStarted(String, Errno)
    case missingDirectory(String)
    case noStream(Errno)
    /// The command ended in a way that does not count as success.
    case ended(CommandEnd, ShellCommand, usedShell: Bool, successCodes: [UInt8])
    /// Something else in the process has waited for the command.
    case lost(ShellCommand)
    case tooMuchOutput(ShellCommand, limit: Int)
}

extension ShellError: CustomStringConvertible {
    var description: String {
        switch self {
        case .notFound(let name, let searchPath):
            "the command '\(name)' was not found in PATH (\(searchPath)); install it, give its path, or set PATH with 'env'"
        case .notExecutable(let path):
            "the file '\(path)' is not executable; make it so with 'chmod +x', or name the program that runs it"
        case .isDirectory(let path):
            "'\(path)' is a directory, no program"
        case .missingFile(let path):
            "the program '\(path)' does not exist; a relative path starts from 'cwd', or else from the app root"
        case .missingInterpreter(let path, let line):
            "the file '\(path)' exists, but not the program that should run it"
                + (line.isEmpty ? "" : ": its first line is '\(line)'")
        case .notStarted(let path, let reason):
            "the program '\(path)' cannot be started: \(reason)\(Self.advice(on: reason))"
        case .missingDirectory(let path):
            "the working directory '\(path)' ('cwd') does not exist or is no directory; it starts from the app root if relative"
        case .noStream(let reason):
            "the command's streams cannot be set up: \(reason)\(Self.advice(on: reason))"
        case .ended(let end, let command, let usedShell, let successCodes):
            "the command \(end)\(Self.expectation(end, successCodes))\(Self.hint(end, usedShell)): \(command)"
        case .lost(let command):
            "it is unknown how the command ended: \(command)"
        case .tooMuchOutput(let command, let limit):
            "the command printed more than the \(limit) bytes that 'capture' takes; "
                + "let it write a file, and capture only its name: \(command)"
        }
    }

    private static func advice(on reason: Errno) -> String {
        switch reason {
        case .execFormatError: "; begin a script with '#!' and what runs it, or write the command as text"
        case .argListTooLong: "; pass large text by 'stdin' or a file"
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem: "; allow more open files ('ulimit -n')"
        case .resourceTemporarilyUnavailable, .noMemory: "; run fewer tasks at once ('max_concurrency')"
        default: ""
        }
    }

    private static func expectation(_ end: CommandEnd, _ successCodes: [UInt8]) -> String {
        guard case .exited = end, successCodes != [0] else { return "" }
        return ", which is none of success_codes (\(successCodes.map(String.init).joined(separator: ", ")))"
    }

    /// What exit codes of shells mean.
    private static func hint(_ end: CommandEnd, _ usedShell: Bool) -> String {
        guard usedShell, case .exited(let code) = end else { return "" }
        switch code {
        case 126: return " (in a shell: something in it is not executable)"
        case 127: return " (in a shell: something in it was not found)"
        case 129...192: return " (in a shell: something in it \(CommandEnd.killed(signal: Int32(code) - 128)))"
        default: return ""
        }
    }
}
