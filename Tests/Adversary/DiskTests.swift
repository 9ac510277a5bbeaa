import Ledger
import TestAuthority
import Testing

/// Whoever has the disk and no key: each change is found, named, and laid where it is.
@Suite struct `Whoever has the disk` {
  @Test(arguments: Attack.onEntries) func `cannot change entries`(_ attack: Attack) async throws {
    try await attack.run()
  }

  @Test(arguments: Attack.onTiles) func `cannot change fingerprints`(_ attack: Attack)
    async throws
  {
    try await attack.run()
  }

  @Test(arguments: Attack.onCheckpoints) func `cannot change checkpoints`(_ attack: Attack)
    async throws
  {
    try await attack.run()
  }

  @Test(arguments: Attack.onCosignatures) func `cannot change cosignatures`(_ attack: Attack)
    async throws
  {
    try await attack.run()
  }

  @Test(
    .enabled(if: TestAuthority.isAvailable, "openssl is not installed"),
    arguments: Attack.onTimestamps)
  func `cannot change timestamps`(_ attack: Attack) async throws { try await attack.run() }

  @Test(arguments: Attack.onOpenings) func `cannot change openings`(_ attack: Attack)
    async throws
  {
    try await attack.run()
  }
}

/// Whoever has the log key can hash and sign everything anew, and cannot sign for others.
@Suite struct `Whoever has the log key` {
  @Test(arguments: Attack.withFingerprints + Attack.withCheckpoint)
  func `cannot rewrite an entry`(_ attack: Attack) async throws { try await attack.run() }

  @Test(arguments: Attack.withSequence)
  func `cannot put the log in another sequence`(_ attack: Attack) async throws {
    try await attack.run()
  }
}
