// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "benchmark-app",
    dependencies: [.package(name: "flowmancer", path: "../..")],
    targets: [
        .executableTarget(
            name: "bench-app",
            dependencies: [.product(name: "Flowmancer", package: "flowmancer")]
        )
    ],
    swiftLanguageModes: [.v6]
)
