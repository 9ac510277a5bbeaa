import Ledger
import TransparencyLog

/// Cosignatures that lie beside the checkpoint are changed on the disk, whoever trusts the witness.
extension Attack {
  static let onCosignatures: [Attack] = [
    Attack("a cosignature: one bit is flipped") { trial in
      trial.changeCosignature { bytes, dice in dice.flip(&bytes) }
    },
    Attack("a cosignature: its end is cut off") { trial in
      trial.changeCosignature { bytes, dice in bytes.removeLast(1 + dice.place(in: bytes)) }
    },
    Attack("a cosignature: bytes are added to it") { trial in
      trial.changeCosignature { bytes, dice in bytes += dice.bytes(1..<80) }
    },
    Attack("a cosignature: its signature lines change places") { trial in
      try trial.changeLines { lines, _ in lines.swapAt(0, 1) }
    },
    Attack("a cosignature: a signature line is taken away") { trial in
      try trial.changeLines { lines, dice in lines.remove(at: Int(dice.index(0..<2))) }
    },
    Attack("a cosignature: a signature line stands there twice") { trial in
      try trial.changeLines { lines, dice in lines.append(lines[Int(dice.index(0..<2))]) }
    },
    Attack("a cosignature: a signature line of nobody is added") { trial in
      try trial.changeLines { lines, dice in
        guard let line = try? NoteSignature(name: "nobody", id: 7, payload: dice.bytes(1..<90))
        else { return }
        lines.insert(line, at: Int(dice.index(0..<3)))
      }
    },
    Attack("a cosignature stands under another key") { trial in
      let number = trial.cosignature()
      let old = trial.truth.cosigned[number]
      var vkey = Array(old.vkey.utf8)
      trial.dice.flip(&vkey)
      trial.truth.cosigned[number] = StoredCosignature(
        vkey: String(decoding: vkey, as: UTF8.self), checkpoint: old.checkpoint)
      return .ledger(.wrongCosignature)
    },
    Attack("two cosignatures change places") { trial in
      let rows = trial.truth.cosigned
      trial.truth.cosigned = zip(rows, rows.reversed()).map {
        StoredCosignature(vkey: $0.vkey, checkpoint: $1.checkpoint)
      }
      return .ledger(.wrongCosignature).and(nil, .wrongCosignature)
    },
    Attack("a cosignature is of another log") { trial in
      let number = trial.cosignature()
      trial.truth.cosigned[number] = try Chronicle.other.get().truth.cosigned[number]
      return .ledger(.wrongCosignature)
    },
  ]
}

extension Trial {
  /// Some cosignature, by its place.
  mutating func cosignature() -> Int { Int(dice.index(0..<UInt64(truth.cosigned.count))) }

  /// Changes the checkpoint that some witness has cosigned.
  mutating func changeCosignature(
    _ body: (inout [UInt8], inout Dice) throws -> Void
  ) rethrows -> Expectation {
    let number = cosignature()
    let old = truth.cosigned[number]
    var bytes = old.checkpoint
    try body(&bytes, &dice)
    truth.cosigned[number] = StoredCosignature(vkey: old.vkey, checkpoint: bytes)
    return .ledger(.wrongCosignature)
  }

  /// Changes the signature lines on it.
  mutating func changeLines(
    _ body: (inout [NoteSignature], inout Dice) -> Void
  ) throws -> Expectation {
    try changeCosignature { bytes, dice in
      let note = try SignedNote(bytes)
      var lines = note.signatures
      body(&lines, &dice)
      bytes = try SignedNote(text: Array(note.text), signatures: lines).bytes
    }
  }
}
