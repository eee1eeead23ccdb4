import FlowmancerCore
import FlowmancerSystem
import SystemPackage

/// Why a ``Shell`` task did not succeed.
enum ShellError: Error, Equatable {
    /// The command was not started.
    case notStarted(CommandFailure)
    /// The command ended in a way that does not count as success.
    case ended(ProcessEnd, ShellCommand, usedShell: Bool, successCodes: [UInt8])
    /// Something else in the process has waited for the command.
    case lost(ShellCommand)
    case tooMuchOutput(ShellCommand, limit: Int)

    /// The exit code by which a shell tells that it could not start a program; `nil` for other errors.
    var exitCode: UInt8? {
        guard case .notStarted(let failure) = self else { return nil }
        switch failure.problem {
        case .notFound, .missing, .missingInterpreter: return 127
        case .notExecutable, .isDirectory: return 126
        case .missingDirectory, .noStream: return nil
        case .refused:
            switch Errno(rawValue: failure.reason) {
            case .tooManySymbolicLinkLevels, .fileNameTooLong: return 127
            case .permissionDenied, .execFormatError, .argListTooLong, .isDirectory: return 126
            // It concerns the machine, and not the program.
            default: return nil
            }
        }
    }
}

extension ShellError: ClassifiedError {
    var failure: FailureKind {
        switch self {
        case .notStarted: exitCode.map { .exit(code: $0) } ?? .error
        case .ended(let end, _, _, _): end.failure
        case .lost, .tooMuchOutput: .error
        }
    }
}

extension ShellError: PlainError {
    var description: String {
        switch self {
        case .notStarted(let failure): Self.words(of: failure)
        case .ended(let end, let command, let usedShell, let successCodes):
            "the command \(end)\(Self.expectation(end, successCodes))\(Self.hint(end, usedShell)): \(command)"
        case .lost(let command):
            "the command ended, but its exit code is lost: \(command)"
        case .tooMuchOutput(let command, let limit):
            "the command printed more than the \(limit) bytes that 'capture' takes; "
                + "let it write a file, and capture only its name: \(command)"
        }
    }

    private static func words(of failure: CommandFailure) -> String {
        let subject = failure.subject.printable
        let reason = Errno(rawValue: failure.reason)
        return switch failure.problem {
        case .notFound:
            "the command '\(subject)' was not found in PATH (\(failure.detail.printable)); "
                + "install it, give its path, or set PATH with 'env'"
        case .notExecutable:
            "the file '\(subject)' is not executable; run 'chmod +x' on it, or name the program that runs it"
        case .isDirectory:
            "'\(subject)' is a directory, not a program"
        case .missing:
            "the program '\(subject)' does not exist; a relative path starts from 'cwd' or, without it, from the app root"
        case .missingInterpreter:
            "the file '\(subject)' exists, but the program that should run it does not"
                + (failure.detail.isEmpty ? "" : ": its first line is '\(failure.detail.visibleReturns.printable)'")
        case .refused:
            "the program '\(subject)' cannot be started: \(reason)\(advice(on: reason))"
        case .missingDirectory:
            "the working directory '\(subject)' ('cwd') does not exist or is not a directory; "
                + "a relative path starts from the app root"
        case .noStream:
            "the command's streams cannot be set up: \(reason)\(advice(on: reason))"
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

extension String {
    fileprivate var visibleReturns: String { replacingScalars { $0 == "\r" ? "\\r" : nil } }
}
