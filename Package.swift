// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "flowmancer",
    products: [
        .executable(name: "flowmancer", targets: ["flowmancer-command"]),
        .library(name: "Flowmancer", targets: ["Flowmancer"]),
        .library(name: "FlowmancerNotifications", targets: ["FlowmancerNotifications"]),
        .library(name: "FlowmancerPostgres", targets: ["FlowmancerPostgres"]),
        .library(name: "FlowmancerSQLite", targets: ["FlowmancerSQLite"]),
        .library(name: "FlowmancerTelemetry", targets: ["FlowmancerTelemetry"]),
        .library(name: "FlowmancerTesting", targets: ["FlowmancerTesting"]),
    ],
    traits: [
        .trait(name: "Postgres", description: "Builds PostgresCheckpointer, which needs libpq.")
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .target(
            name: "FlowmancerCore",
            dependencies: [
                .product(name: "Logging", package: "swift-log"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "FlowmancerDiscovery",
            dependencies: ["FlowmancerCore"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "FlowmancerJobFile",
            dependencies: [
                "FlowmancerCore",
                .product(name: "OrderedCollections", package: "swift-collections"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "FlowmancerGraph",
            dependencies: ["FlowmancerCore"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "FlowmancerWire",
            dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
            swiftSettings: swiftSettings
        ),
        .target(name: "CFlowmancerCommand"),
        .target(name: "CFlowmancerKeeper", dependencies: ["CFlowmancerCommand"]),
        .target(name: "CFlowmancerEvents"),
        .target(name: "FlowmancerFaults", swiftSettings: swiftSettings),
        .target(
            name: "FlowmancerEngine",
            dependencies: [
                "FlowmancerCore",
                "FlowmancerFaults",
                "FlowmancerWire",
                "CFlowmancerEvents",
                "CFlowmancerKeeper",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(name: "CFlowmancerSpawn"),
        .target(
            name: "FlowmancerPlugins",
            dependencies: [
                "CFlowmancerCommand",
                "CFlowmancerSpawn",
                "FlowmancerCore",
                "FlowmancerFaults",
                .product(name: "OrderedCollections", package: "swift-collections"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "Flowmancer",
            dependencies: [
                "FlowmancerCore",
                "FlowmancerDiscovery",
                "FlowmancerEngine",
                "FlowmancerGraph",
                "FlowmancerJobFile",
                "FlowmancerPlugins",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "FlowmancerHTTP",
            dependencies: [
                "FlowmancerCore",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "FlowmancerNotifications",
            dependencies: [
                "FlowmancerCore",
                "FlowmancerHTTP",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "FlowmancerTelemetry",
            dependencies: [
                "FlowmancerCore",
                "FlowmancerHTTP",
                "FlowmancerPlugins",
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "FlowmancerSQLite",
            dependencies: [
                "FlowmancerCore",
                "FlowmancerFaults",
                "FlowmancerPlugins",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings
        ),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "FlowmancerPostgres",
            dependencies: [
                "FlowmancerCore",
                "FlowmancerFaults",
                "FlowmancerPlugins",
                .target(name: "CPostgres", condition: .when(traits: ["Postgres"])),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "FlowmancerTesting",
            dependencies: [
                "Flowmancer", "FlowmancerCore", "FlowmancerDiscovery", "FlowmancerEngine", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "flowmancer-command",
            dependencies: ["Flowmancer"],
            path: "Sources/FlowmancerCommand",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "quick-start",
            dependencies: ["Flowmancer"],
            path: "QuickStart",
            exclude: ["job.yaml", "job-succeeds.yaml"],
            swiftSettings: swiftSettings
        ),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swiftSettings),
        .target(name: "FileTestSupport", path: "Tests/FileTestSupport", swiftSettings: swiftSettings),
        .testTarget(
            name: "FlowmancerCoreTests",
            dependencies: [
                "FlowmancerCore",
                "TestSupport",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerEngineTests",
            dependencies: [
                "FlowmancerEngine", "FlowmancerWire", "FlowmancerCore", "TestSupport",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerGraphTests",
            dependencies: ["FlowmancerGraph", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerTests",
            dependencies: ["Flowmancer"],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "test-app",
            dependencies: ["Flowmancer", .product(name: "Logging", package: "swift-log")],
            path: "Tests/TestApp",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "checkpoint-app",
            dependencies: ["Flowmancer", "FlowmancerPostgres", "FlowmancerSQLite"],
            path: "Tests/CheckpointApp",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "checkpoint-app", "flowmancer-command", "quick-start", "test-app", "FlowmancerTesting",
                "PostgresTestSupport", "TestSupport",
            ],
            exclude: ["Faults"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "Flowmancer", "FlowmancerDiscovery", "FlowmancerJobFile", "FlowmancerNotifications",
                "FlowmancerPostgres", "FlowmancerSQLite", "FlowmancerTesting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "CrashCampaignKit",
            dependencies: ["Flowmancer", "FlowmancerFaults", "TestSupport"],
            path: "Tests/CrashCampaignKit",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "crash-campaign",
            dependencies: [
                "CrashCampaignKit", "FlowmancerSQLite",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/CrashCampaign",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CrashTests",
            dependencies: ["CrashCampaignKit", "crash-campaign"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "HTTPTestSupport",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/HTTPTestSupport",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerHTTPTests",
            dependencies: [
                "FlowmancerHTTP", "FlowmancerCore", "HTTPTestSupport",
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerNotificationsTests",
            dependencies: [
                "FlowmancerNotifications", "FlowmancerCore", "HTTPTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerTelemetryTests",
            dependencies: [
                "FlowmancerTelemetry", "FlowmancerCore", "HTTPTestSupport",
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "plugin-app",
            dependencies: ["Flowmancer", "FlowmancerNotifications", "FlowmancerTelemetry"],
            path: "Tests/PluginApp",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "PluginEndToEndTests",
            dependencies: ["plugin-app", "HTTPTestSupport"],
            exclude: ["smtp-server.py"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerJobFileTests",
            dependencies: ["FlowmancerJobFile", "FlowmancerCore", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerPluginsTests",
            dependencies: ["FlowmancerPlugins", "FlowmancerCore", "FileTestSupport", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerTestingTests",
            dependencies: ["FlowmancerTesting", "FileTestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerPostgresTests",
            dependencies: [
                "FlowmancerCore", "FlowmancerPostgres", "FlowmancerTesting", "FileTestSupport", "PostgresTestSupport",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "PostgresTestSupport",
            dependencies: ["FileTestSupport"],
            path: "Tests/PostgresTestSupport",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FlowmancerSQLiteTests",
            dependencies: [
                "FlowmancerSQLite", "FlowmancerTesting", "FileTestSupport", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: swiftSettings
        ),
    ],
    swiftLanguageModes: [.v6]
)

var swiftSettings: [SwiftSetting] {
    [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault")]
}
