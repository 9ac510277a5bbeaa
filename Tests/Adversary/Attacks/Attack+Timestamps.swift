import Cryptography
import Ledger
import TransparencyLog

/// Timestamps that lie beside the checkpoint are changed on the disk, whoever trusts the authority.
extension Attack {
  static let onTimestamps: [Attack] = [
    Attack("a timestamp: one bit of the answer is flipped") { trial in
      trial.changeTimestamp { $1.flip(&$0.response) }
    },
    Attack("a timestamp: one bit of its checkpoint is flipped") { trial in
      trial.changeTimestamp { $1.flip(&$0.checkpoint) }
    },
    Attack("a timestamp: one bit of the hash that it stands under is flipped") { trial in
      trial.changeTimestamp { $1.flip(&$0.digest) }
    },
    Attack("a timestamp: its end is cut off") { trial in
      trial.changeTimestamp { $0.response.removeLast(1 + $1.place(in: $0.response)) }
    },
    Attack("a timestamp: bytes are added to the answer, and it stands under their hash") { trial in
      trial.changeTimestamp {
        $0.response += $1.bytes(1..<80)
        $0.digest = SHA256.hash($0.response).bytes
      }
    },
    // An answer has parts that its signature does not cover, as the certificate that it brings; whether
    // that is one, only the certificates of an auditor tell.
    Attack("a timestamp: its imprint is of another checkpoint, and it stands under that hash") {
      trial in
      trial.changeTimestamp { stamp, dice in
        let imprint = SHA256.hash(stamp.checkpoint).bytes
        guard let place = stamp.response.firstPlace(of: imprint) else { return }
        stamp.response[place + dice.place(in: imprint)] ^= 1
        stamp.digest = SHA256.hash(stamp.response).bytes
      }
    },
    Attack("a timestamp: a signature line of nobody is added to its checkpoint") { trial in
      trial.changeTimestamp {
        guard let note = try? SignedNote($0.checkpoint),
          let line = try? NoteSignature(name: "nobody", id: 7, payload: $1.bytes(1..<90)),
          let longer = try? note.adding([line])
        else { return }
        $0.checkpoint = longer.bytes
      }
    },
    Attack("two timestamps change places") { trial in
      guard trial.truth.stamped.count == 2 else { return nil }
      let rows = trial.truth.stamped.map(\.checkpoint)
      trial.truth.stamped[0].checkpoint = rows[1]
      trial.truth.stamped[1].checkpoint = rows[0]
      return .ledger(.wrongTimestamp).and(nil, .wrongTimestamp)
    },
    Attack("a timestamp is of another log") { trial in
      guard let other = try Chronicle.other.get().truth.stamped.first else { return nil }
      trial.truth.stamped[0] = other
      return .ledger(.wrongTimestamp)
    },
  ]
}

extension Trial {
  /// Changes some timestamp, if there is any.
  fileprivate mutating func changeTimestamp(
    _ body: (inout Truth.Stamp, inout Dice) -> Void
  ) -> Expectation? {
    guard !truth.stamped.isEmpty else { return nil }
    let number = Int(dice.index(0..<UInt64(truth.stamped.count)))
    body(&truth.stamped[number], &dice)
    return .ledger(.wrongTimestamp)
  }
}
