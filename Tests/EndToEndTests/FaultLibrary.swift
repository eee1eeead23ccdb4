import Foundation
import Testing

/// A library that lets system calls of a program fail, compiled from `Faults/faults.c` with the compiler at hand.
enum FaultLibrary {
    /// The environment with which a program meets faults.
    ///
    /// - Parameter rules: As the top of `faults.c` describes them.
    static func environment(_ rules: [String]) throws -> [String: String] {
        ["LD_PRELOAD": try path.get(), "FLOWMANCER_FAULTS": rules.joined(separator: "; ")]
    }

    private static let path = Result<String, any Error> {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Faults/faults.c").path
        let directory = FileManager.default.temporaryDirectory.appending(path: "flowmancer-faults-\(getpid())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let library = directory.appending(path: "faults.so").path
        var failures: [String] = []
        for compiler in compilers {
            // A machine without a linker of its own has the one of the toolchain.
            for linker in [[], ["-fuse-ld=lld"]] {
                let arguments = ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"] + linker
                let finished = try Running(compiler, arguments, in: directory, environment: [:]).wait()
                if finished.exitCode == 0 { return library }
                failures.append("\(compiler): \(finished.errors)")
            }
        }
        throw NoCompilerError(description: "no C compiler works: \(failures.joined(separator: "\n"))")
    }

    struct NoCompilerError: Error, CustomStringConvertible {
        var description: String
    }

    /// The compilers on the path, and the one that is part of the toolchain.
    private static var compilers: [String] {
        let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        var candidates = ["cc", "clang", "gcc"].flatMap { name in directories.map { "\($0)/\(name)" } }
        for directory in directories {
            let swift = URL(fileURLWithPath: "\(directory)/swift").resolvingSymlinksInPath()
            candidates.append(swift.deletingLastPathComponent().appending(path: "clang").path)
        }
        return candidates.filter { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

extension Sandbox {
    /// Runs the test app on a job while system calls fail as the rules say, and waits for its end.
    @discardableResult
    func run(_ yaml: String, faults: [String]) throws -> Finished {
        try write(yaml, to: "job.yaml")
        return try start(["-j", "job.yaml"], environment: FaultLibrary.environment(faults)).wait()
    }
}
