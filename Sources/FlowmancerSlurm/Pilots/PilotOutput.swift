import FlowmancerCore
import FlowmancerSystem
import Glibc

/// What pilots print: why they could not connect, for one.
enum PilotOutput {
    /// The names of the files, as Slurm makes them: with the number of the job array and that of the task.
    static let pattern = "pilot-%A_%a.log"

    static func path(of pilot: String, in directory: String) -> String { "\(directory)/pilot-\(pilot).log" }

    /// Returns the last lines that a pilot printed, on one line; `nil` if there are none.
    static func end(of pilot: String, in directory: String) -> String? {
        let file = try? OwnedDescriptor(path(of: pilot, in: directory), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        guard let file, let status = try? file.status(), status.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = Int(status.st_size)
        let start = max(0, size - readSize)
        return lastLines(String(systemBytes: file.read(from: start, size - start)), isCut: start > 0)
    }

    private static let readSize = 4_096

    /// Returns the last lines of a text, on one line; `nil` if there are none.
    ///
    /// - Parameter isCut: Whether the text begins within a line.
    static func lastLines(_ text: String, isCut: Bool = false) -> String? {
        let lines = text.split(whereSeparator: \.isNewline).dropFirst(isCut ? 1 : 0).filter { line in
            !line.allSatisfy(\.isWhitespace)
        }
        guard !lines.isEmpty else { return nil }
        return lines.suffix(3).map { String($0.prefix(300)).printable }.joined(separator: "; ")
    }
}
