import Foundation
import Testing

/// A package of somebody else that has the library as its dependency, and runs a job that it builds in code.
@Suite struct OutsidePackageTests {
    @Test func aPackageOutsideDefinesAndRunsItsOwnTasks() throws {
        // Kept between runs, so that only the first one builds everything.
        let package = Packages.root.appending(path: ".build-outside/package")
        let sources = package.appending(path: "Sources/outside")
        try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
        try Self.write(
            """
            // swift-tools-version: 6.2
            import PackageDescription

            let package = Package(
                name: "outside",
                dependencies: [
                    .package(name: "flowmancer", path: "\(Packages.root.path)"),
                    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
                ],
                targets: [
                    .executableTarget(
                        name: "outside",
                        dependencies: [
                            .product(name: "Flowmancer", package: "flowmancer"),
                            .product(name: "Logging", package: "swift-log"),
                        ]
                    )
                ]
            )
            """,
            to: package.appending(path: "Package.swift")
        )
        try Self.write(
            """
            import Flowmancer

            struct Greet: FlowTask {
                @Parameter("Who is greeted.") var name: String

                func run() async throws { try await sharedDict.set("greeting", to: "Hello, \\(name)!") }
            }

            private struct Repeat<Word: Sendable & Codable>: FlowTask {
                @Parameter var word: Word

                func run() async throws {
                    print("\\(try await sharedDict.get("greeting", as: String.self)) \\(word)")
                }
            }

            @main struct Outside {
                static func main() async throws {
                    var job = JobDefinition(name: "outside")
                    job.addTask("greet", Greet.self, parameters: ["name": "world"])
                    job.addTask("repeat", Repeat<Int>.self, dependsOn: ["greet"], parameters: ["word": 42])
                    job.loggers["forward"] = PluginDefinition("Forward")
                    let result = try await JobRunner(job).run()
                    try result.requireSuccess()
                }
            }
            """,
            to: sources.appending(path: "Outside.swift")
        )
        try Self.write(
            """
            import Flowmancer
            import Logging
            import struct Flowmancer.LogEvent

            /// Hands on to swift-log what tasks write.
            struct Forward: FlowLogger {
                func update(_ event: LogEvent) async throws {
                    guard case .write(_, let message) = event.kind else { return }
                    Logger(label: event.taskName).info("\\(message)")
                }
            }
            """,
            to: sources.appending(path: "Forward.swift")
        )
        let scratch = Packages.root.appending(path: ".build-outside/build").path
        // The plan of an earlier build would go on with files that have been moved since.
        try? FileManager.default.removeItem(atPath: "\(scratch)/debug/description.json")
        let build = try Running(
            "/usr/bin/env",
            ["swift", "build", "--package-path", package.path, "--scratch-path", scratch],
            in: package,
            environment: [:]
        ).wait(limit: 1_500)
        try #require(build.exitCode == 0, "\(build.output)\n\(build.errors)")

        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try Running("\(scratch)/debug/outside", [], in: sandbox.directory, environment: [:]).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("repeat") == ["INFO - Hello, world! 42"])
        #expect(result.errors.contains("Hello, world! 42"))
    }

    /// An unchanged file keeps its date, and with it what was built from it.
    private static func write(_ text: String, to file: URL) throws {
        if (try? String(contentsOf: file, encoding: .utf8)) != text {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
    }
}
