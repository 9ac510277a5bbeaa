import Accountability
import Cryptography
import Encoding
import FoundationEssentials
import Ledger
import Testing
import TransparencyLog

/// Bytes that a program without any code of this project made from the pages of the formats.
@Suite struct `The vectors of the ledger` {
  struct Vectors: Decodable {
    struct Case: Decodable {
      var index: UInt64
      var vkeys: [String]
      var note, leaf, leafHash, salt, media, content, commitment, carried, receipt: String
      var text: String?
    }

    var vkey, checkpoint, guardName: String
    var entries: [Case]

    enum CodingKeys: String, CodingKey {
      case vkey, checkpoint, entries
      case guardName = "guard"
    }
  }

  let vectors: Vectors
  let log: VerifierKey

  init() throws {
    let url = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Vectors/ledger/ledger.json")
    vectors = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: url))
    log = try VerifierKey(vectors.vkey)
    #expect(vectors.entries.count == 11)
  }

  @Test func `hold submissions that parse, are signed, and are written the same way`() throws {
    for vector in vectors.entries {
      let submission = try Submission(Array(vector.note.utf8))
      for (line, vkey) in vector.vkeys.enumerated() {
        #expect(submission.isSigned(line, by: try VerifierKey(vkey).publicKey))
      }
      let text = Submission.text(
        at: submission.at, by: submission.by, seen: submission.seen, events: submission.events)
      #expect(submission.note.text.elementsEqual(text))
    }
  }

  @Test func `hold entries that chain to the checkpoint`() throws {
    var leaves: [Digest] = []
    for vector in vectors.entries {
      let entry = try Entry(Array(vector.leaf.utf8))
      #expect(entry.index == vector.index)
      #expect(entry.root == MerkleTree.root(of: leaves))
      #expect(entry.leafHash.base64 == vector.leafHash)
      #expect(entry.submission.bytes == Array(vector.note.utf8))
      let made = Entry(
        index: entry.index, time: entry.time, root: entry.root, submission: entry.submission)
      #expect(made.bytes == entry.bytes)
      leaves.append(entry.leafHash)
    }
    let checkpoint = try SignedCheckpoint(Array(vectors.checkpoint.utf8))
    #expect(checkpoint.isSigned(by: log))
    #expect(checkpoint.checkpoint.root == MerkleTree.root(of: leaves))
  }

  @Test func `hold seals and what opens them`() throws {
    for vector in vectors.entries {
      let submission = try Submission(Array(vector.note.utf8))
      let salt = try #require(Base64.decode(vector.salt))
      let content = try #require(Base64.decode(vector.content))
      let opening = try Opening(media: vector.media, salt: salt, content: content)
      #expect(opening.commitment(by: submission.author.key).base64 == vector.commitment)
      #expect(submission.seals.map(\.commitment.base64) == [vector.commitment])
      try submission.seals[0].check(opening, by: submission.author.key)
      if let text = vector.text {
        #expect(opening.text == text)
        #expect(try Opening.text(text, salt: salt) == opening)
      }
      let carried = try CarriedSubmission(#require(Base64.decode(vector.carried)))
      #expect(carried.submission == submission)
      #expect(carried.openings == [opening])
      #expect(carried.bytes == Base64.decode(vector.carried))
    }
  }

  @Test func `hold receipts that prove each entry, and no other`() throws {
    for vector in vectors.entries {
      let receipt = try Receipt(Array(vector.receipt.utf8))
      #expect(receipt.bytes == Array(vector.receipt.utf8))
      #expect(receipt.stored.map(\.base64) == [vector.commitment])
      let entry = try receipt.check(note: Array(vector.note.utf8), logKey: log)
      #expect(entry.bytes == Array(vector.leaf.utf8))
      for other in vectors.entries where other.index != vector.index {
        #expect(throws: LedgerError.self) {
          try receipt.check(note: Array(other.note.utf8), logKey: log)
        }
      }
    }
  }

  @Test func `name the guard's file`() {
    #expect(Guard(folder: "keys", logKey: log).path == "keys/\(vectors.guardName)")
  }
}
