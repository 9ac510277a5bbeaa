// swift-tools-version: 6.2
import PackageDescription

/// What every target is compiled with; `docs/decisions/0002-compiler-settings.md` says why.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "onus",
  products: [
    .executable(name: "onus", targets: ["onus"]),
    .library(name: "TransparencyLog", targets: ["TransparencyLog"]),
    // For `Tests/Fuzzing`, a package of its own.
    .library(
      name: "OnusFormats",
      targets: ["Encoding", "Cryptography", "TransparencyLog", "Accountability", "Ledger"]),
    // For `Benchmarks`, another.
    .library(
      name: "OnusLedger",
      targets: [
        "Encoding", "Cryptography", "Accountability", "Ledger", "SQLiteStorage", "Views",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
  ],
  targets: [
    // The C libraries, each behind one system-library target.
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),

    // Bottom: values and bytes.
    .target(name: "Encoding", swiftSettings: settings),
    .target(
      name: "Cryptography", dependencies: ["Encoding", "COpenSSL", "CSodium"],
      swiftSettings: settings),

    // The two pure centres.
    .target(
      name: "TransparencyLog", dependencies: ["Encoding", "Cryptography"], swiftSettings: settings),
    .target(
      name: "Accountability", dependencies: ["Encoding", "Cryptography"], swiftSettings: settings),

    // The ledger and its stores.
    .target(
      name: "Ledger",
      dependencies: ["Accountability", "TransparencyLog", "Encoding", "Cryptography"],
      swiftSettings: settings),
    .target(
      name: "SQLiteStorage",
      dependencies: [
        "Ledger", "TransparencyLog", "Encoding", "Cryptography",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "Views",
      dependencies: [
        "Ledger", "Accountability", "TransparencyLog", "Encoding", "Cryptography",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: [
        "Views", "Ledger", "Accountability", "TransparencyLog", "Encoding", "Cryptography",
      ],
      swiftSettings: settings),

    // Prints what is generated from the declarations of the events.
    .executableTarget(
      name: "specification", dependencies: ["Ledger", "Accountability", "Encoding"],
      swiftSettings: settings),

    // The command.
    .executableTarget(
      name: "onus",
      dependencies: [
        "Reports", "Views", "SQLiteStorage", "Ledger", "Accountability", "TransparencyLog",
        "Encoding", "Cryptography",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    .testTarget(name: "EncodingTests", dependencies: ["Encoding"], swiftSettings: settings),
    .testTarget(
      name: "CryptographyTests", dependencies: ["Cryptography", "Encoding"], swiftSettings: settings
    ),
    .testTarget(
      name: "TransparencyLogTests", dependencies: ["TransparencyLog", "Cryptography", "Encoding"],
      swiftSettings: settings),
    .testTarget(
      name: "AccountabilityTests", dependencies: ["Accountability", "Cryptography", "Encoding"],
      swiftSettings: settings),
    .testTarget(
      name: "LedgerTests",
      dependencies: [
        "Ledger", "SQLiteStorage", "Views", "Accountability", "TransparencyLog", "Cryptography",
        "Encoding",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Reports", "Views", "Ledger", "Accountability", "TransparencyLog", "Cryptography",
        "Encoding",
      ],
      exclude: ["Snapshots"], swiftSettings: settings),
    // Everything that an attacker may try, and what must be found.
    .testTarget(
      name: "AdversaryTests",
      dependencies: [
        "Ledger", "SQLiteStorage", "Views", "Accountability", "TransparencyLog", "Cryptography",
        "Encoding", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "Tests/Adversary", swiftSettings: settings),
    .testTarget(
      name: "CommandTests", dependencies: ["onus", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
  ]
)
