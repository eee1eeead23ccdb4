package import FlowmancerSystem
import Glibc
import SystemPackage

/// The directory that holds the logs of one run: `2024-05-01.12.00.00`, with `-2`, `-3` … for further runs of a second.
package enum RunDirectory {
    /// Creates a directory that no other run has.
    ///
    /// - Returns: The directory, marked and locked until it is closed.
    package static func create(in base: String, at time: LocalTime) throws -> LogDirectory {
        // The system would take what is before the NUL for the path.
        guard !base.utf8.contains(0) else {
            throw FileError("create the log directory", base, .invalidArgument, setting: "base_log_dir")
        }
        let name = name(for: time)
        var number = 1
        while true {
            let path = "\(base)/\(name)\(number == 1 ? "" : "-\(number)")"
            if FileSystem.makeDirectory(path) == 0 {
                let directory = LogDirectory(path: path)
                if directory.claim() { return directory }
                number += 1
                continue
            }
            switch Errno.current {
            case .fileExists:
                number += 1
            case .noSuchFileOrDirectory:
                do throws(Errno) {
                    try FileSystem.createDirectories(base)
                } catch {
                    throw FileError("create the log directory", base, error, setting: "base_log_dir")
                }
            case let reason:
                throw FileError("create the log directory", path, reason, setting: "base_log_dir")
            }
        }
    }

    /// The name of the directory of a run that begins at a moment.
    package static func name(for time: LocalTime) -> String {
        let pad = LocalTime.padded
        return "\(pad(time.year, 4))-\(pad(time.month, 2))-\(pad(time.day, 2))"
            + ".\(pad(time.hour, 2)).\(pad(time.minute, 2)).\(pad(time.second, 2))"
    }

    /// Returns when the run began, by the clock of its place; `nil` if the name is not that of a run's directory.
    package static func time(from name: String) -> LocalTime? {
        let pattern = Array("0000-00-00.00.00.00".utf8)
        let bytes = Array(name.utf8)
        guard bytes.count >= pattern.count else { return nil }
        for (byte, expected) in zip(bytes, pattern) {
            let fits = expected == UInt8(ascii: "0") ? isDigit(byte) : byte == expected
            guard fits else { return nil }
        }
        let suffix = bytes[pattern.count...]
        if let dash = suffix.first {
            let digits = suffix.dropFirst()
            guard dash == UInt8(ascii: "-"), !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        }
        func number(_ range: Range<Int>) -> Int {
            bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        let time = LocalTime(
            year: number(0..<4),
            month: number(5..<7),
            day: number(8..<10),
            hour: number(11..<13),
            minute: number(14..<16),
            second: number(17..<19),
            offset: 0
        )
        let isDate = (1...12).contains(time.month) && (1...31).contains(time.day)
        return isDate && time.hour < 24 && time.minute < 60 && time.second <= 60 ? time : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
