import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// The file that a command's name stands for.
struct Program {
    /// What is executed: as it was given if it has a slash, otherwise where it was found.
    let path: String

    /// Where commands are looked for if there is no `PATH`.
    private static let defaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Finds the program of a name.
    ///
    /// - Parameters:
    ///   - name: A path, or a name that is looked for in `searchPath`.
    ///   - searchPath: The value of `PATH` for the command.
    ///   - directory: Where the command starts; relative paths do, too.
    init(named name: String, searchPath: String?, directory: String?) throws(ShellError) {
        if name.utf8.contains(UInt8(ascii: "/")) {
            path = name
            return
        }
        let searchPath = searchPath ?? Self.defaultSearchPath
        var unusable: String?
        for folder in searchPath.unicodeScalars.split(separator: ":", omittingEmptySubsequences: false) {
            let candidate = folder.isEmpty ? "./\(name)" : "\(String(folder))/\(name)"
            let place = Self.place(of: candidate, in: directory)
            guard Self.isFile(place) else { continue }
            if Self.isExecutable(place) {
                path = candidate
                return
            }
            unusable = unusable ?? candidate
        }
        throw unusable.map(ShellError.notExecutable) ?? .notFound(name, searchPath: searchPath)
    }

    /// Says why the system did not execute the program.
    func explain(_ reason: Errno, directory: String?) -> ShellError {
        let place = Self.place(of: path, in: directory)
        switch reason {
        case .permissionDenied where Self.isFile(place) && !Self.isExecutable(place): return .notExecutable(path)
        case .permissionDenied where Self.isDirectory(place): return .isDirectory(path)
        case .noSuchFileOrDirectory where Self.isFile(place):
            return .missingInterpreter(path, line: Self.firstLine(of: place))
        case .noSuchFileOrDirectory, .notDirectory: return .missingFile(path)
        default: return .notStarted(path, reason)
        }
    }

    private static func isDirectory(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

    private static func isFile(_ path: String) -> Bool { kind(of: path) == S_IFREG }

    private static func isExecutable(_ path: String) -> Bool { path.withSystemText { access($0, X_OK) } == 0 }

    private static func kind(of path: String) -> mode_t? { FileSystem.status(of: path).map { $0.st_mode & S_IFMT } }

    private static func place(of path: String, in directory: String?) -> String {
        guard let directory, !path.isAbsolutePath else { return path }
        return "\(directory)/\(path)"
    }

    /// What a script begins with, for a message.
    private static func firstLine(of path: String) -> String {
        guard let file = path.withSystemText({ fopen($0, "r") }) else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while bytes.count < 128, case let byte = getc(file), byte != EOF, byte != 10 { bytes.append(UInt8(byte)) }
        guard bytes.starts(with: "#!".utf8) else { return "" }
        return String(decoding: bytes, as: UTF8.self).replacingScalars { $0 == "\r" ? "\\r" : nil }
    }
}
