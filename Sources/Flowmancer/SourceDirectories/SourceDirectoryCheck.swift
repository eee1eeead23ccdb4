import FlowmancerSystem
import Glibc

/// Checks that what is declared in the directories that a job names is part of the program.
enum SourceDirectoryCheck {
    /// Files larger than this were not written by people.
    private static let maximumSize = 8 << 20

    static func issues(of job: JobDefinition, catalog: TypeCatalog, appRoot: String) -> [JobIssue] {
        let directories = job.configuration.extensionDirectories
        guard !directories.isEmpty else { return [] }
        let known = Set(
            JobIssue.NamedKind.allCases.flatMap { catalog.entries(of: $0) }
                .map { $0.qualifiedName.drop { $0 != "." }.dropFirst() }.map(String.init)
        )
        return directories.enumerated().flatMap { index, directory in
            let path = ParameterPath("config", "extension_directories").appending(index)
            return findings(in: directory, known: known, appRoot: appRoot).map { reason, severity in
                JobIssue(.rejectedValue(reason: reason), at: path, severity: severity).located(by: job.sourceMap)
            }
        }
    }

    private static func findings(
        in directory: String,
        known: Set<String>,
        appRoot: String
    ) -> [(reason: String, severity: JobIssue.Severity)] {
        let path = directory.isAbsolutePath ? directory : "\(appRoot)/\(directory)"
        guard let status = FileSystem.status(of: path) else {
            return [("the directory \(path) does not exist; the path starts from the app root, \(appRoot)", .error)]
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return [("\(path) is a file; expected a directory of Swift sources", .error)]
        }
        guard let sources = try? SourceDirectory(path) else {
            return [("the directory \(path) cannot be read; check its permissions", .error)]
        }
        guard !sources.swiftFiles.isEmpty else {
            let hint =
                sources.hasPythonFiles
                ? "it has Python files, which cannot be loaded: port each class to a Swift type in the program's target"
                : "expected the sources of this program's tasks and plug-ins; remove the entry if there are none"
            return [("the directory \(directory) has no Swift files; \(hint)", .warning)]
        }
        let places = sources.swiftFiles.flatMap { file in
            declarations(in: "\(path)/\(file)").map {
                PluginDeclarations.Place(file: "\(trimmed(directory))/\(file)", declaration: $0)
            }
        }
        return PluginDeclarations.find(in: places).filter { !known.contains($0.name) }.map(absence)
    }

    private static func absence(of found: PluginDeclarations.Found) -> (reason: String, severity: JobIssue.Severity) {
        let type = "the \(found.kind) type '\(found.name)' in \(found.file):\(found.line)"
        // Nobody may want to name it: it may be there to be inherited from in turn.
        if let superclass = found.superclass {
            return (
                "\(type) inherits its conformance from \(superclass), and is only found if it is registered: in register(in:) "
                    + "of this program, add catalog.register(\(found.name).self)",
                .warning
            )
        }
        return (
            "\(type) is not part of this program; in Package.swift, let the path: of the program's target include the "
                + "directory. If the target has sources:, list the directory there. Then build again",
            .error
        )
    }

    private static func declarations(in path: String) -> [SourceDeclaration] {
        guard let file = try? OwnedDescriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            let status = try? file.status(), status.st_mode & S_IFMT == S_IFREG, status.st_size <= maximumSize,
            let bytes = try? file.read(upTo: Int(status.st_size))
        else { return [] }
        return DeclarationScanner.declarations(in: bytes)
    }

    private static func trimmed(_ directory: String) -> String {
        var directory = directory[...]
        while directory.count > 1, directory.last == "/" { directory.removeLast() }
        return String(directory)
    }
}
