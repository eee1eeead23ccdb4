// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "flowmancer",
    products: [
        .executable(name: "flowmancer", targets: ["flowmancer-command"]),
        .library(name: "Flowmancer", targets: ["Flowmancer"]),
        .library(name: "FlowmancerCluster", targets: ["FlowmancerCluster"]),
        .library(name: "FlowmancerDashboard", targets: ["FlowmancerDashboard"]),
        .library(name: "FlowmancerNotifications", targets: ["FlowmancerNotifications"]),
        .library(name: "FlowmancerPostgres", targets: ["FlowmancerPostgres"]),
        .library(name: "FlowmancerSQLite", targets: ["FlowmancerSQLite"]),
        .library(name: "FlowmancerSlurm", targets: ["FlowmancerSlurm"]),
        .library(name: "FlowmancerTelemetry", targets: ["FlowmancerTelemetry"]),
        .library(name: "FlowmancerTesting", targets: ["FlowmancerTesting"]),
    ],
    traits: [
        .trait(name: "Postgres", description: "Builds PostgresCheckpointer and PostgresHistory, which need libpq.")
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        // What a job is, and every decision about it.
        .target(name: "FlowmancerCore", dependencies: [.heap, .logging, .orderedCollections]),
        .target(name: "FlowmancerDiscovery", dependencies: ["FlowmancerCore"]),
        .target(name: "FlowmancerGraph", dependencies: ["FlowmancerCore"]),

        // The system.
        .target(name: "CFlowmancerSystem"),
        .target(name: "CFlowmancerCommand"),
        .target(name: "CFlowmancerKeeper", dependencies: ["CFlowmancerCommand"]),
        .target(name: "FlowmancerFaults"),
        .target(
            name: "FlowmancerSystem",
            dependencies: ["CFlowmancerCommand", "CFlowmancerSystem", "FlowmancerCore", .systemPackage]
        ),
        .target(name: "FlowmancerTerminal", dependencies: ["FlowmancerCore", "FlowmancerSystem", .systemPackage]),

        // From a job file to the end of a run.
        .target(
            name: "FlowmancerJobFile",
            dependencies: ["FlowmancerCore", "FlowmancerSystem", .orderedCollections, .systemPackage, .yams]
        ),
        .target(name: "FlowmancerWire", dependencies: ["FlowmancerCore", .logging, .orderedCollections, .protobuf]),
        .target(
            name: "FlowmancerWorker",
            dependencies: [
                "CFlowmancerKeeper", "FlowmancerCore", "FlowmancerSystem", "FlowmancerWire", .deque, .logging,
                .orderedCollections, .protobuf, .systemPackage,
            ]
        ),
        .target(
            name: "FlowmancerEngine",
            dependencies: [
                "CFlowmancerKeeper", "CFlowmancerSystem", "FlowmancerCore", "FlowmancerFaults", "FlowmancerSystem",
                "FlowmancerWire", .deque, .heap, .systemPackage,
            ]
        ),
        .target(
            name: "FlowmancerPlugins",
            dependencies: [
                "FlowmancerCore", "FlowmancerFaults", "FlowmancerSystem", "FlowmancerTerminal",
                .orderedCollections, .systemPackage,
            ]
        ),
        .target(
            name: "FlowmancerHistory",
            dependencies: ["FlowmancerCore", "FlowmancerFaults", "FlowmancerGraph", "FlowmancerSystem", .systemPackage]
        ),
        .target(
            name: "Flowmancer",
            dependencies: [
                "FlowmancerCore", "FlowmancerDiscovery", "FlowmancerEngine", "FlowmancerGraph", "FlowmancerHistory",
                "FlowmancerJobFile", "FlowmancerPlugins", "FlowmancerSystem", "FlowmancerTerminal", "FlowmancerWorker",
                .argumentParser,
                .orderedCollections, .systemPackage,
            ]
        ),
        .executableTarget(
            name: "flowmancer-command",
            dependencies: ["Flowmancer", "FlowmancerDashboard", "FlowmancerSlurm"],
            path: "Sources/FlowmancerCommand"
        ),
        .executableTarget(
            name: "quick-start",
            dependencies: ["Flowmancer"],
            path: "QuickStart",
            exclude: ["job.yaml", "job-succeeds.yaml"]
        ),

        .executableTarget(
            name: "data-pipeline",
            dependencies: ["Flowmancer"],
            path: "Examples/DataPipeline/Program"
        ),

        // Products of their own.
        .target(
            name: "FlowmancerCluster",
            dependencies: [
                "FlowmancerCore", "FlowmancerSystem", .crypto, .nioCore, .nioPosix, .nioSSL, .nioTLS, .systemPackage,
                .x509,
            ]
        ),
        .target(
            name: "FlowmancerHTTP",
            dependencies: ["FlowmancerCore", .asyncHTTPClient, .nioCore, .nioHTTP1, .nioPosix, .nioSSL]
        ),
        .target(
            name: "FlowmancerNotifications",
            dependencies: ["FlowmancerCore", "FlowmancerHTTP", .nioCore, .nioPosix, .nioSSL, .nioTLS]
        ),
        .target(
            name: "FlowmancerTelemetry",
            dependencies: ["FlowmancerCore", "FlowmancerHTTP", "FlowmancerSystem", .coreMetrics]
        ),
        .target(name: "CFlowmancerPage"),
        .target(
            name: "FlowmancerDashboard",
            dependencies: [
                "CFlowmancerPage", "Flowmancer", "FlowmancerCore", "FlowmancerEngine", "FlowmancerGraph",
                "FlowmancerHistory", "FlowmancerPlugins", "FlowmancerSystem", "FlowmancerTerminal", .argumentParser,
                .httpTypes, .hummingbird, .hummingbirdCore, .hummingbirdTLS, .logging, .nioCore, .nioHTTPTypes,
                .nioPosix, .nioSSL,
                .orderedCollections, .systemPackage,
            ],
            exclude: ["Page"]
        ),
        .target(name: "FlowmancerDatabases", dependencies: ["FlowmancerCore", "FlowmancerSystem"]),
        .target(
            name: "FlowmancerSQLite",
            dependencies: [
                "FlowmancerCore", "FlowmancerDatabases", "FlowmancerFaults", "FlowmancerSystem", .grdb, .grdbSQLite,
                .systemPackage,
            ]
        ),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "FlowmancerPostgres",
            dependencies: [
                "FlowmancerCore", "FlowmancerDatabases", "FlowmancerFaults", "FlowmancerSystem",
                .target(name: "CPostgres", condition: .when(traits: ["Postgres"])),
            ]
        ),
        .target(
            name: "FlowmancerSlurm",
            dependencies: ["FlowmancerCluster", "FlowmancerCore", "FlowmancerSystem", .systemPackage]
        ),
        .target(name: "FlowmancerRandom"),
        .target(
            name: "FlowmancerTesting",
            dependencies: [
                "Flowmancer", "FlowmancerCore", "FlowmancerDiscovery", "FlowmancerEngine", "FlowmancerRandom",
                "FlowmancerSystem", .logging, .orderedCollections,
            ]
        ),

        // Tests.
        .target(
            name: "TestSupport",
            dependencies: [
                "FlowmancerCore", "FlowmancerRandom", "FlowmancerSystem", "FlowmancerTerminal", .orderedCollections,
                .systemPackage,
            ],
            path: "Tests/TestSupport"
        ),
        .target(
            name: "ProgramTestSupport",
            dependencies: ["FlowmancerSystem", "TestSupport"],
            path: "Tests/ProgramTestSupport"
        ),
        .target(
            name: "HTTPTestSupport",
            dependencies: [.nioCore, .nioHTTP1, .nioPosix, .nioSSL],
            path: "Tests/HTTPTestSupport"
        ),
        .target(name: "ShimHost", dependencies: ["CFlowmancerCommand", "CFlowmancerKeeper"], path: "Tests/ShimHost"),
        .testTarget(name: "FlowmancerCoreTests", dependencies: ["FlowmancerCore", "TestSupport", .orderedCollections]),
        .testTarget(name: "FlowmancerGraphTests", dependencies: ["FlowmancerCore", "FlowmancerGraph", "TestSupport"]),
        .testTarget(
            name: "FlowmancerJobFileTests",
            dependencies: ["FlowmancerJobFile", "FlowmancerCore", "TestSupport"]
        ),
        .testTarget(
            name: "FlowmancerSystemTests",
            dependencies: ["FlowmancerCore", "FlowmancerSystem", "TestSupport", .systemPackage]
        ),
        .testTarget(
            name: "FlowmancerTerminalTests",
            dependencies: ["FlowmancerTerminal", "FlowmancerCore", "TestSupport", .systemPackage]
        ),
        .testTarget(name: "FlowmancerWireTests", dependencies: ["FlowmancerWire", "FlowmancerCore", "TestSupport"]),
        .testTarget(
            name: "FlowmancerWorkerTests",
            dependencies: [
                "FlowmancerWorker", "FlowmancerCore", "FlowmancerSystem", "FlowmancerWire", "TestSupport", .logging,
            ]
        ),
        .testTarget(
            name: "FlowmancerEngineTests",
            dependencies: [
                "FlowmancerEngine", "FlowmancerSystem", "FlowmancerWire", "FlowmancerCore", "ShimHost", "TestSupport",
                .systemPackage,
            ]
        ),
        .testTarget(
            name: "FlowmancerPluginsTests",
            dependencies: [
                "FlowmancerPlugins", "FlowmancerCore", "FlowmancerSystem", "FlowmancerTerminal", "TestSupport",
            ]
        ),
        .testTarget(
            name: "FlowmancerHistoryTests",
            dependencies: [
                "FlowmancerHistory", "FlowmancerCore", "FlowmancerRandom", "FlowmancerSystem", "FlowmancerTesting",
                "TestSupport", .orderedCollections,
            ]
        ),
        .executableTarget(
            name: "cluster-peer",
            dependencies: ["FlowmancerCluster", "FlowmancerCore"],
            path: "Tests/ClusterPeer"
        ),
        .testTarget(
            name: "FlowmancerClusterTests",
            dependencies: [
                "cluster-peer", "FlowmancerCluster", "FlowmancerCore", "FlowmancerSystem", "ProgramTestSupport",
                "TestSupport", .nioCore, .nioPosix, .nioSSL,
            ]
        ),
        .testTarget(
            name: "FlowmancerTests",
            dependencies: ["Flowmancer", "FlowmancerCore", "FlowmancerJobFile", "FlowmancerSystem", "TestSupport"]
        ),
        .testTarget(
            name: "FlowmancerHTTPTests",
            dependencies: ["FlowmancerHTTP", "FlowmancerCore", "HTTPTestSupport", .nioSSL]
        ),
        .testTarget(
            name: "FlowmancerNotificationsTests",
            dependencies: [
                "FlowmancerNotifications", "FlowmancerCore", "HTTPTestSupport", .nioCore, .nioEmbedded,
                .orderedCollections,
            ]
        ),
        .testTarget(
            name: "FlowmancerTelemetryTests",
            dependencies: ["FlowmancerTelemetry", "FlowmancerCore", "HTTPTestSupport", .metricsTestKit]
        ),
        .testTarget(
            name: "FlowmancerDashboardTests",
            dependencies: [
                "FlowmancerDashboard", "Flowmancer", "FlowmancerCore", "FlowmancerHistory", "FlowmancerSystem",
                "FlowmancerTesting", "ProgramTestSupport", "TestSupport", "flowmancer-command", .httpTypes,
            ],
            exclude: ["Browser"]
        ),
        .testTarget(name: "FlowmancerDatabasesTests", dependencies: ["FlowmancerDatabases", "FlowmancerCore"]),
        .testTarget(
            name: "FlowmancerSQLiteTests",
            dependencies: [
                "FlowmancerSQLite", "FlowmancerCore", "FlowmancerDatabases", "FlowmancerTesting", "TestSupport", .grdb,
            ]
        ),
        .testTarget(
            name: "FlowmancerPostgresTests",
            dependencies: [
                "FlowmancerCore", "FlowmancerPostgres", "FlowmancerTesting", "ProgramTestSupport", "TestSupport",
                .orderedCollections,
            ]
        ),
        .executableTarget(
            name: "slurm-pilot",
            dependencies: ["FlowmancerSlurm", "FlowmancerCore", "FlowmancerSystem"],
            path: "Tests/SlurmPilot"
        ),
        .testTarget(
            name: "FlowmancerSlurmTests",
            dependencies: [
                "slurm-pilot", "FlowmancerSlurm", "FlowmancerCore", "FlowmancerSystem", "ProgramTestSupport",
                "TestSupport", .orderedCollections,
            ]
        ),
        .testTarget(name: "FlowmancerTestingTests", dependencies: ["FlowmancerTesting", "TestSupport"]),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "Flowmancer", "FlowmancerDashboard", "FlowmancerDiscovery", "FlowmancerJobFile",
                "FlowmancerNotifications", "FlowmancerPostgres", "FlowmancerSQLite", "FlowmancerSlurm",
                "FlowmancerTesting",
                "TestSupport", .argumentParser,
            ]
        ),
        .executableTarget(name: "test-app", dependencies: ["Flowmancer", .logging], path: "Tests/TestApp"),
        .executableTarget(
            name: "checkpoint-app",
            dependencies: ["Flowmancer", "FlowmancerPostgres", "FlowmancerSQLite"],
            path: "Tests/CheckpointApp"
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "checkpoint-app", "data-pipeline", "flowmancer-command", "quick-start", "test-app", "FlowmancerCore",
                "FlowmancerHistory", "FlowmancerSystem", "FlowmancerTesting", "ProgramTestSupport", "TestSupport",
            ],
            exclude: ["Faults", "Peers"]
        ),
        .executableTarget(
            name: "cluster-app",
            dependencies: [
                "Flowmancer", "FlowmancerCluster", "FlowmancerEngine", "FlowmancerSlurm", "FlowmancerWire",
                "TestSupport", .deque,
            ],
            path: "Tests/ClusterApp"
        ),
        .testTarget(
            name: "ClusterEndToEndTests",
            dependencies: ["cluster-app", "ProgramTestSupport", "TestSupport"]
        ),
        .executableTarget(
            name: "plugin-app",
            dependencies: ["Flowmancer", "FlowmancerNotifications", "FlowmancerTelemetry"],
            path: "Tests/PluginApp"
        ),
        .testTarget(
            name: "PluginEndToEndTests",
            dependencies: ["plugin-app", "HTTPTestSupport", "ProgramTestSupport"],
            exclude: ["smtp-server.py"]
        ),
        .target(
            name: "CrashCampaignKit",
            dependencies: ["Flowmancer", "FlowmancerFaults", "TestSupport"],
            path: "Tests/CrashCampaignKit"
        ),
        .executableTarget(
            name: "crash-campaign",
            dependencies: ["CrashCampaignKit", "FlowmancerSQLite", "FlowmancerSlurm", .argumentParser],
            path: "Tests/CrashCampaign"
        ),
        .testTarget(name: "CrashTests", dependencies: ["CrashCampaignKit", "ProgramTestSupport", "crash-campaign"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}

extension Target.Dependency {
    fileprivate static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    fileprivate static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    fileprivate static let coreMetrics = product(name: "CoreMetrics", package: "swift-metrics")
    fileprivate static let crypto = product(name: "Crypto", package: "swift-crypto")
    fileprivate static let deque = product(name: "DequeModule", package: "swift-collections")
    fileprivate static let grdb = product(name: "GRDB", package: "GRDB.swift")
    fileprivate static let grdbSQLite = product(name: "GRDBSQLite", package: "GRDB.swift")
    fileprivate static let heap = product(name: "HeapModule", package: "swift-collections")
    fileprivate static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    fileprivate static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    fileprivate static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    fileprivate static let hummingbirdTLS = product(name: "HummingbirdTLS", package: "hummingbird")
    fileprivate static let logging = product(name: "Logging", package: "swift-log")
    fileprivate static let metricsTestKit = product(name: "MetricsTestKit", package: "swift-metrics")
    fileprivate static let nioCore = product(name: "NIOCore", package: "swift-nio")
    fileprivate static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    fileprivate static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    fileprivate static let nioHTTPTypes = product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    fileprivate static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    fileprivate static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    fileprivate static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    fileprivate static let orderedCollections = product(name: "OrderedCollections", package: "swift-collections")
    fileprivate static let protobuf = product(name: "SwiftProtobuf", package: "swift-protobuf")
    fileprivate static let systemPackage = product(name: "SystemPackage", package: "swift-system")
    fileprivate static let x509 = product(name: "X509", package: "swift-certificates")
    fileprivate static let yams = product(name: "Yams", package: "Yams")
}
