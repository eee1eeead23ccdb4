import FoundationEssentials
import Glibc

/// A directory that goes away with the test that uses it.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/flowmancer-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SetupError(text: "mkdtemp failed: \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    package func contents(_ name: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)").sorted()
    }

    package func bytes(_ name: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: "\(path)/\(name)") else {
            throw SetupError(text: "no file \(name)")
        }
        return [UInt8](data)
    }

    package func text(_ name: String) throws -> String {
        try String(decoding: bytes(name), as: UTF8.self)
    }

    package func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
    }

    package func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    }

    package func mode(_ name: String) -> UInt32 {
        var status = stat()
        return lstat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : 0
    }

    package func setAge(_ seconds: Int, of name: String, now: Int) {
        let time = timespec(tv_sec: now - seconds, tv_nsec: 0)
        utimensat(AT_FDCWD, "\(path)/\(name)", [time, time], AT_SYMLINK_NOFOLLOW)
    }
}

package struct SetupError: Error {
    package var text: String

    package init(text: String) {
        self.text = text
    }
}

/// How many files of the process are open below a directory.
package func openFiles(below path: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.count { name in
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
        return target?.hasPrefix(path) == true
    }
}
