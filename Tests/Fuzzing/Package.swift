// swift-tools-version: 6.2
import PackageDescription

// libFuzzer brings the main function: `Scripts/fuzz` compiles and links with `-sanitize=fuzzer,address`,
// which the package manager's own two options cannot say together.
let package = Package(
  name: "fuzzing",
  dependencies: [.package(name: "onus", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [.product(name: "OnusFormats", package: "onus")],
      swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])])
  ]
)
