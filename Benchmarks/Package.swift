// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "onus", path: "..")],
  targets: [
    .executableTarget(
      name: "bench",
      dependencies: [.product(name: "OnusLedger", package: "onus")],
      swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
