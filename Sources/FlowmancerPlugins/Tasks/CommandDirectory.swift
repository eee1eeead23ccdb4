package import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// The directory that a command starts in.
package struct CommandDirectory: Sendable, Hashable {
    /// The path as the job has it, from the app root if relative.
    package let path: String

    /// The same directory by an absolute path.
    ///
    /// - Returns: `nil` if it does not exist, or is no directory.
    func resolved(from appRoot: String) -> Place? {
        let absolute = path.isAbsolutePath ? path : "\(appRoot)/\(path)"
        guard let status = FileSystem.status(of: absolute), status.st_mode & S_IFMT == S_IFDIR else { return nil }
        let name = FilePath(absolute).lexicallyNormalized().string
        // Behind a symbolic link, '..' is another directory than the text says.
        let isSame = !path.contains("..") || FileIdentity(of: name) == FileIdentity(status)
        return Place(path: absolute, name: isSame ? name : FileSystem.canonicalPath(absolute) ?? absolute)
    }

    /// A directory, and its name as a shell puts it into `PWD`.
    struct Place {
        let path: String
        let name: String
    }
}

extension CommandDirectory: CustomParameter {
    package static var expectation: String { "the path of a directory" }

    package static var typeDescription: TypeDescription { .text }

    package var describedValue: ParameterValue? { .string(path) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        if case .string(let text) = value, !text.isEmpty, !text.utf8.contains(0) { return Self(path: text) }
        issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        return nil
    }
}
