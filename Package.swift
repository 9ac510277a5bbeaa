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
    // What speaks on a network; `onus` starts it where that is needed, and links none of it.
    .executable(name: "onus-net", targets: ["onus-net"]),
    .library(name: "TransparencyLog", targets: ["TransparencyLog"]),
    // For `Tests/Fuzzing`, a package of its own.
    .library(
      name: "OnusFormats",
      targets: [
        "Encoding", "Cryptography", "TransparencyLog", "Accountability", "Ledger", "Spreadsheets",
        "HelperProtocol",
      ]),
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
    // For `onus-net` alone.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
  ],
  targets: [
    // The C libraries, each behind one system-library target.
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(
      name: "CMinizip", pkgConfig: "minizip", providers: [.apt(["libminizip-dev"])]),

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

    // Tables that spreadsheet programs write.
    .target(
      name: "Spreadsheets", dependencies: ["Encoding", "CExpat", "CMinizip"],
      swiftSettings: settings),

    // What `onus` and `onus-net` say to each other.
    .target(name: "HelperProtocol", dependencies: ["Encoding"], swiftSettings: settings),

    // Prints what is generated from the declarations of the events.
    .executableTarget(
      name: "specification", dependencies: ["Ledger", "Accountability", "Encoding"],
      swiftSettings: settings),

    // The command.
    .executableTarget(
      name: "onus",
      dependencies: [
        "Reports", "Views", "SQLiteStorage", "Ledger", "Accountability", "TransparencyLog",
        "Spreadsheets", "HelperProtocol", "Encoding", "Cryptography",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      // A link to `Scripts/verify-independently`, which goes into every bundle.
      resources: [.embedInCode("Exporting/verify-independently")],
      swiftSettings: settings),

    // Its helper on a network: it holds no key, opens no ledger, and knows of neither.
    .executableTarget(
      name: "onus-net",
      dependencies: [
        "HelperProtocol", "Encoding",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),

    .testTarget(name: "EncodingTests", dependencies: ["Encoding"], swiftSettings: settings),
    // A timestamp authority for tests, made with `openssl`; no product holds it.
    .target(name: "TestAuthority", path: "Tests/TestAuthority", swiftSettings: settings),
    .testTarget(
      name: "HelperProtocolTests", dependencies: ["HelperProtocol", "Encoding"],
      swiftSettings: settings),
    .testTarget(
      name: "SpreadsheetsTests", dependencies: ["Spreadsheets"], swiftSettings: settings),
    .testTarget(
      name: "CryptographyTests", dependencies: ["Cryptography", "Encoding", "TestAuthority"],
      swiftSettings: settings),
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
        "Encoding", "TestAuthority",
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
        "Encoding", "TestAuthority", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "Tests/Adversary", swiftSettings: settings),
    .testTarget(
      name: "CommandTests", dependencies: ["onus", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
  ]
)
