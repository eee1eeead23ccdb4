import Foundation
import Testing

/// A package of somebody else that has the library as its dependency, runs a job that it builds in code, and follows what
/// errors say about its `Package.swift`.
@Suite(.ownThread) struct OutsidePackageTests {
    @Test func aPackageOutsideDefinesAndRunsItsOwnTasks() async throws {
        let package = try OutsidePackage()
        try package.writeManifest()
        try await package.build()

        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try package.run([], in: sandbox)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("repeat") == ["INFO - Hello, world! 42"])
        #expect(result.errors.contains("Hello, world! 42"))

        try await checkAdviceAboutOwnModules(package, sandbox)
        try checkAdviceAboutProducts(package, sandbox)
    }

    /// A module of the same package that the program's target does not depend on yet.
    private func checkAdviceAboutOwnModules(_ package: OutsidePackage, _ sandbox: Sandbox) async throws {
        let job = "config: {extension_packages: [extra]}\ntasks: {a: {task: ExtraTask}}"
        try sandbox.write(job, to: "job.yaml")
        let missing = try package.run(["validate", "job.yaml"], in: sandbox)
        #expect(missing.exitCode == 1)
        let module = #"no module 'extra' with tasks or plug-ins is part of this program; in "#
        let advice = #"Package.swift, add "extra" to the dependencies of this program's target"#
        #expect(missing.errors.contains(module + advice), "\(missing.errors)")
        let type =
            "no task type is named 'ExtraTask'; expected one of: Greet, Shell. If the type is in another module, add "
        #expect(missing.errors.contains(type), "\(missing.errors)")

        // Nothing has to import it.
        try package.writeManifest(targetDependencies: [#""extra""#])
        try await package.build()
        #expect(try package.run(["validate", "job.yaml"], in: sandbox).output == "job.yaml: valid, with 1 task\n")
        #expect(try package.run(["job.yaml"], in: sandbox).exitCode == 0)
    }

    /// The program has the product `FlowmancerPostgres`, but not the trait, and none of the other products.
    private func checkAdviceAboutProducts(_ package: OutsidePackage, _ sandbox: Sandbox) throws {
        func errors(_ section: String) throws -> String {
            try sandbox.write("tasks: {a: {task: Greet, parameters: {name: x}}}\n\(section)", to: "job.yaml")
            let result = try package.run(["validate", "job.yaml"], in: sandbox)
            #expect(result.exitCode == 1)
            return result.errors
        }
        let postgres = try errors("checkpointer: {checkpointer: PostgresCheckpointer, parameters: {url: x}}")
        let trait = try #require(postgres.firstMatch(of: /add (traits: \[.*?\]) to \.package\(…\) of flowmancer/)?.1)
        #expect(postgres.contains("this program has the product FlowmancerPostgres, but without"), "\(postgres)")
        try package.writeManifest(packageArguments: ", \(trait)")
        try package.checkManifest()
        try package.writeManifest(packageArguments: #", traits: ["Unknown"]"#)
        #expect(throws: OutsidePackage.ManifestRefused.self) { try package.checkManifest() }

        for section in [
            "checkpointer: {checkpointer: SQLiteCheckpointer}",
            "extensions: {x: {extension: SlackWebhookNotification}}",
            "extensions: {x: {extension: FlowmancerTelemetry.TracingExtension}}",
        ] {
            let text = try errors(section)
            let product = try #require(text.firstMatch(of: /add (\.product\(.*?\)) to the dependencies/)?.1, "\(text)")
            try package.writeManifest(targetDependencies: [String(product)])
            try package.checkManifest()
        }
        try package.writeManifest(targetDependencies: [#".product(name: "Unknown", package: "flowmancer")"#])
        #expect(throws: OutsidePackage.ManifestRefused.self) { try package.checkManifest() }
    }
}

/// The package, which is kept between runs, so that only the first one builds everything.
private struct OutsidePackage: Sendable {
    struct ManifestRefused: Error { let output: String }

    private let directory = Packages.root.appending(path: ".build-outside/package")
    private let scratch = Packages.root.appending(path: ".build-outside/build").path

    init() throws {
        for (path, text) in Self.sources {
            let file = directory.appending(path: "Sources/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try write(text, to: file)
        }
    }

    /// Writes `Package.swift`.
    ///
    /// - Parameters:
    ///   - packageArguments: What the dependency on this package says beyond its path.
    ///   - targetDependencies: What the program's target depends on besides.
    func writeManifest(packageArguments: String = "", targetDependencies: [String] = []) throws {
        try write(
            """
            // swift-tools-version: 6.2
            import PackageDescription

            let package = Package(
                name: "outside",
                dependencies: [
                    .package(name: "flowmancer", path: "\(Packages.root.path)"\(packageArguments)),
                    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
                ],
                targets: [
                    .target(name: "extra", dependencies: [.product(name: "Flowmancer", package: "flowmancer")]),
                    .executableTarget(
                        name: "outside",
                        dependencies: [
                            .product(name: "Flowmancer", package: "flowmancer"),
                            .product(name: "FlowmancerPostgres", package: "flowmancer"),
                            .product(name: "Logging", package: "swift-log"),
                            \(targetDependencies.map { "\($0)," }.joined(separator: "\n                "))
                        ]
                    ),
                ]
            )
            """,
            to: directory.appending(path: "Package.swift")
        )
    }

    func build() async throws {
        // The plan of an earlier build would go on with files that have been moved since.
        try? FileManager.default.removeItem(atPath: "\(scratch)/debug/description.json")
        let result = try swift("build", limit: 1_500)
        try #require(result.exitCode == 0, "\(result.output)\n\(result.errors)")
    }

    /// Checks that all packages, products and traits that the manifest names exist.
    func checkManifest() throws {
        let result = try swift("package", "show-dependencies", limit: 300)
        if result.exitCode != 0 { throw ManifestRefused(output: result.errors) }
    }

    private func swift(_ command: String..., limit: TimeInterval) throws -> Finished {
        let arguments = ["swift"] + command + ["--package-path", directory.path, "--scratch-path", scratch]
        return try Running("/usr/bin/env", arguments, in: directory, environment: [:]).wait(limit: limit)
    }

    /// Runs the program as it was built last.
    func run(_ arguments: [String], in sandbox: Sandbox) throws -> Finished {
        try Running("\(scratch)/debug/outside", arguments, in: sandbox.directory, environment: [:]).wait()
    }

    /// An unchanged file keeps its date, and with it what was built from it.
    private func write(_ text: String, to file: URL) throws {
        if (try? String(contentsOf: file, encoding: .utf8)) != text {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
    }

    private static let sources = [
        "outside/Outside.swift": """
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

        struct Commands: FlowmancerApp {}

        @main struct Outside {
            static func main() async throws {
                if CommandLine.arguments.count > 1 { Commands.main() }
                var job = JobDefinition(name: "outside")
                job.addTask("greet", Greet.self, parameters: ["name": "world"])
                job.addTask("repeat", Repeat<Int>.self, dependsOn: ["greet"], parameters: ["word": 42])
                job.loggers["forward"] = PluginDefinition("Forward")
                let result = try await JobRunner(job).run()
                try result.requireSuccess()
            }
        }
        """,
        "outside/Forward.swift": """
        import Flowmancer
        import Logging

        /// Hands on to swift-log what tasks write.
        struct Forward: FlowLogger {
            func update(_ event: TaskLogEvent) async throws {
                guard event.kind == .line else { return }
                Logger(label: event.taskName).info("\\(event.message)")
            }
        }
        """,
        "extra/Extra.swift": """
        import Flowmancer

        struct ExtraTask: FlowTask {
            func run() async throws {}
        }
        """,
    ]
}
