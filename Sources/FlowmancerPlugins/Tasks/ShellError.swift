import FlowmancerCore
import FlowmancerSystem
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
    case ended(ProcessEnd, ShellCommand, usedShell: Bool, successCodes: [UInt8])
    /// Something else in the process has waited for the command.
    case lost(ShellCommand)
    case tooMuchOutput(ShellCommand, limit: Int)

    /// The exit code by which a shell tells that it could not start a program; `nil` for other errors.
    var exitCode: UInt8? {
        switch self {
        case .notFound, .missingFile, .missingInterpreter: 127
        case .notExecutable, .isDirectory: 126
        case .notStarted(_, .tooManySymbolicLinkLevels), .notStarted(_, .fileNameTooLong): 127
        case .notStarted(_, let reason): Self.reasonsOfPrograms.contains(reason) ? 126 : nil
        case .missingDirectory, .noStream, .ended, .lost, .tooMuchOutput: nil
        }
    }

    /// Reasons against a program itself; the others concern the machine.
    private static let reasonsOfPrograms: [Errno] = [
        .permissionDenied, .execFormatError, .argListTooLong, .isDirectory,
    ]
}

extension ShellError: PlainError {
    var description: String {
        switch self {
        case .notFound(let name, let searchPath):
            "the command '\(name.printable)' was not found in PATH (\(searchPath.printable)); install it, give its path, or set PATH with 'env'"
        case .notExecutable(let path):
            "the file '\(path.printable)' is not executable; run 'chmod +x' on it, or name the program that runs it"
        case .isDirectory(let path):
            "'\(path.printable)' is a directory, not a program"
        case .missingFile(let path):
            "the program '\(path.printable)' does not exist; a relative path starts from 'cwd' or, without it, from the app root"
        case .missingInterpreter(let path, let line):
            "the file '\(path.printable)' exists, but the program that should run it does not"
                + (line.isEmpty ? "" : ": its first line is '\(line)'")
        case .notStarted(let path, let reason):
            "the program '\(path.printable)' cannot be started: \(reason)\(Self.advice(on: reason))"
        case .missingDirectory(let path):
            "the working directory '\(path.printable)' ('cwd') does not exist or is not a directory; a relative path starts from the app root"
        case .noStream(let reason):
            "the command's streams cannot be set up: \(reason)\(Self.advice(on: reason))"
        case .ended(let end, let command, let usedShell, let successCodes):
            "the command \(end)\(Self.expectation(end, successCodes))\(Self.hint(end, usedShell)): \(command)"
        case .lost(let command):
            "the command ended, but its exit code is lost: \(command)"
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

    private static func expectation(_ end: ProcessEnd, _ successCodes: [UInt8]) -> String {
        guard successCodes != [0] else { return "" }
        let code = if case .killed = end { " (exit code \(end.exitCode))" } else { "" }
        return "\(code), which is not one of success_codes (\(successCodes.map(String.init).joined(separator: ", ")))"
    }

    /// What exit codes of shells mean.
    private static func hint(_ end: ProcessEnd, _ usedShell: Bool) -> String {
        guard usedShell, case .exited(let code) = end else { return "" }
        switch code {
        case 126: return " (a program in it is not executable)"
        case 127: return " (a program in it was not found)"
        case 129...192: return " (a program in it \(ProcessEnd.killed(signal: Int32(code) - 128)))"
        default: return ""
        }
    }
}
