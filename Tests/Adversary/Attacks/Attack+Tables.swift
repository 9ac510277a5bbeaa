import Cryptography
import Ledger
import TransparencyLog

/// What lies beside the entries is changed on the disk: tiles, checkpoints, openings.
extension Attack {
  static let onTiles: [Attack] = [
    Attack("a fingerprint: one bit is flipped") { trial in
      let index = trial.dice.index(0..<trial.size)
      trial.changeTile { $0[Int(index)] = $1.flipped($0[Int(index)]) }
      return .at(index, .tileAltered, affecting: 1)
    },
    Attack("two fingerprints change places") { trial in
      let (one, other) = trial.dice.pair(0..<trial.size)
      trial.changeTile { hashes, _ in hashes.swapAt(Int(one), Int(other)) }
      return .at(one, .tileAltered, affecting: 2)
    },
    Attack("a row of fingerprints is cut off") { trial in
      let count = trial.dice.index(1..<trial.size)
      trial.changeTile { hashes, _ in hashes.removeLast(Int(count)) }
      return .at(0, .wrongTile, affecting: trial.size)
    },
    Attack("fingerprints are added to a row") { trial in
      let count = trial.dice.index(1..<256 - trial.size)
      trial.changeTile { hashes, _ in
        hashes += [Digest](repeating: MerkleTree.emptyRoot, count: Int(count))
      }
      return .at(0, .wrongTile, affecting: trial.size)
    },
    Attack("a row of fingerprints is dropped") { trial in
      trial.truth.tiles = [:]
      return .at(0, .tileMissing, affecting: trial.size)
    },
    Attack("a row of fingerprints is put where none belongs") { trial in
      let place = Truth.Place(
        level: Int(trial.dice.index(0..<8)), index: trial.dice.index(1..<1 << 40))
      trial.truth.tiles[place] = [MerkleTree.emptyRoot]
      return .ledger(.strayRows)
    },
    Attack("the fingerprints are those of another ledger") { trial in
      trial.truth.tiles = try Chronicle.other.get().truth.tiles
      return .at(0, .tileAltered, affecting: trial.size)
    },
  ]

  static let onCheckpoints: [Attack] = [
    Attack("the checkpoint: one bit is flipped") { trial in
      trial.dice.flip(&trial.truth.newest)
      return trial.afterAnotherCheckpoint()
    },
    Attack("the published checkpoint: one bit is flipped") { trial in
      trial.changePublished { $1.flip(&$0) }
      return .ledger(.wrongReleased)
    },
    Attack("the checkpoint is cut off") { trial in
      trial.truth.newest.removeLast(1 + trial.dice.place(in: trial.truth.newest))
      return trial.afterAnotherCheckpoint()
    },
    Attack("the published checkpoint is cut off") { trial in
      trial.changePublished { $0.removeLast(1 + $1.place(in: $0)) }
      return .ledger(.wrongReleased)
    },
    Attack("bytes are added to the checkpoint") { trial in
      trial.truth.newest += trial.dice.bytes(1..<40)
      return trial.afterAnotherCheckpoint()
    },
    Attack("the checkpoint is an older one of this log") { trial in
      let size = trial.dice.index(1..<trial.size)
      trial.truth.newest = trial.chronicle.checkpoints[Int(size) - 1].bytes
      return .at(size, .wrongCheckpointSize, affecting: trial.size - size)
    },
    Attack("the published checkpoint is an older one of this log") { trial in
      let size = trial.dice.index(1..<trial.size)
      trial.truth.released = trial.chronicle.checkpoints[Int(size) - 1].bytes
      return .at(size, .tailUnreleased, affecting: trial.size - size)
    },
    Attack("the published checkpoint is dropped") { trial in
      trial.truth.released = nil
      return .at(0, .tailUnreleased, affecting: trial.size)
    },
    Attack("both checkpoints are those of another ledger") { trial in
      let other = try Chronicle.other.get().truth
      trial.truth.newest = other.newest
      trial.truth.released = other.released
      return .ledger(.wrongCheckpointRoot).and(nil, .checkpointUnsigned).and(nil, .wrongReleased)
    },
    Attack("both checkpoints: a signature line of nobody is added") { trial in
      let line = try NoteSignature(
        name: "nobody.example", id: 7, payload: trial.dice.bytes(1..<90))
      trial.changeBoth { $0.append(line) }
      return .ledger(.checkpointUnsigned)
    },
    Attack("both checkpoints: the log's signature stands there twice") { trial in
      trial.changeBoth { $0.append($0[0]) }
      return .ledger(.checkpointUnsigned)
    },
    Attack("both checkpoints: another line of the log's name is added") { trial in
      let log = trial.chronicle.cast.log.name
      let line = try NoteSignature(name: log.name, id: log.id, payload: trial.dice.bytes(64..<65))
      let place = Int(trial.dice.index(0..<2))
      trial.changeBoth { $0.insert(line, at: place) }
      return .ledger(.checkpointUnsigned).then(.wrongReleased)
    },
  ]

  static let onOpenings: [Attack] = [
    Attack("an opening: one bit of the content is flipped") { trial in
      trial.changeOpening { $1.flip(&$0.content) }
    },
    Attack("an opening: one bit of the salt is flipped") { trial in
      trial.changeOpening { $1.flip(&$0.salt) }
    },
    Attack("an opening: one bit of the media type is flipped") { trial in
      trial.changeOpening { $1.flip(&$0.media) }
    },
    Attack("an opening: its content is cut off") { trial in
      trial.changeOpening { $0.content.removeLast(1 + $1.place(in: $0.content)) }
    },
    Attack("an opening: bytes are added to its content") { trial in
      trial.changeOpening { $0.content += $1.bytes(1..<300) }
    },
    Attack("an opening is dropped") { trial in
      let row = trial.truth.openings.remove(at: trial.opening())
      return .at(row.entry, .missingOpening)
    },
    Attack("an opening stands with another entry") { trial in
      let number = trial.opening()
      let home = trial.truth.openings[number].entry
      let other = trial.dice.index(0..<trial.size)
      trial.truth.openings[number].entry = other
      return other == home ? nil : .at(other, .strayOpening)
    },
    Attack("an opening stands with an entry that is not there") { trial in
      let number = trial.opening()
      trial.truth.openings[number].entry = trial.dice.index(trial.size..<1 << 62)
      return .ledger(.strayOpening)
    },
    Attack("an opening is stored under another commitment") { trial in
      let number = trial.opening()
      let row = trial.truth.openings[number]
      trial.truth.openings[number].commitment = trial.dice.flipped(row.commitment)
      return .at(row.entry, .missingOpening).and(row.entry, .strayOpening)
    },
    Attack("two openings change places") { trial in
      let (one, other) = trial.dice.pair(0..<UInt64(trial.truth.openings.count))
      let rows = trial.truth.openings
      trial.truth.openings[Int(one)].commitment = rows[Int(other)].commitment
      trial.truth.openings[Int(other)].commitment = rows[Int(one)].commitment
      return .at(rows[Int(one)].entry, .wrongOpening, .adoptedSeal)
        .and(rows[Int(other)].entry, .wrongOpening, .adoptedSeal)
        .then(.strayOpening)
    },
    Attack("a content is stored that no entry sealed") { trial in
      var row = trial.truth.openings[trial.opening()]
      row.commitment = trial.dice.flipped(row.commitment)
      row.entry = trial.dice.index(0..<trial.size)
      trial.truth.openings.append(row)
      return .at(row.entry, .strayOpening)
    },
    Attack("a second content is stored with a seal") { trial in
      var row = trial.truth.openings[trial.opening()]
      trial.dice.flip(&row.content)
      trial.truth.openings.append(row)
      return .at(row.entry, .strayOpening)
    },
  ]
}

extension Dice {
  /// The digest with one bit flipped.
  mutating func flipped(_ digest: Digest) -> Digest {
    var bytes = digest.bytes
    flip(&bytes)
    return Digest(bytes) ?? digest
  }
}

extension Trial {
  /// Changes the one row of fingerprints that there is.
  mutating func changeTile(_ body: (inout [Digest], inout Dice) -> Void) {
    var hashes = truth.tiles[.init()] ?? []
    body(&hashes, &dice)
    truth.tiles[.init()] = hashes
  }

  mutating func changePublished(_ body: (inout [UInt8], inout Dice) -> Void) {
    var bytes = truth.released ?? []
    body(&bytes, &dice)
    truth.released = bytes
  }

  /// Changes the signature lines of the checkpoint, as it is kept and as it is published.
  mutating func changeBoth(_ body: (inout [NoteSignature]) -> Void) {
    guard let note = try? SignedNote(truth.newest) else { return }
    var lines = note.signatures
    body(&lines)
    truth.newest = (try? SignedNote(text: Array(note.text), signatures: lines).bytes) ?? []
    truth.released = truth.newest
  }

  /// What must be found where another note stands as the newest checkpoint, by what it still is.
  func afterAnotherCheckpoint() -> Expectation {
    guard let signed = try? SignedCheckpoint(truth.newest) else {
      return .ledger(.checkpointUnreadable)
    }
    let (size, log) = (signed.checkpoint.size, chronicle.cast.log.vkey)
    var expected = Expectation(found: [])
    if size != self.size { expected = expected.and(min(size, self.size), .wrongCheckpointSize) }
    let root = chronicle.checkpoints[chronicle.checkpoints.count - 1].checkpoint.root
    if size == self.size, signed.checkpoint.root != root {
      expected = expected.and(nil, .wrongCheckpointRoot)
    }
    if !signed.isSigned(by: log) { expected = expected.and(nil, .checkpointUnsigned) }
    return expected
  }

  /// Some opening, by its place.
  mutating func opening() -> Int { Int(dice.index(0..<UInt64(truth.openings.count))) }

  /// Changes some opening, which then is not what was sealed.
  mutating func changeOpening(_ body: (inout Truth.Row, inout Dice) -> Void) -> Expectation {
    let number = opening()
    body(&truth.openings[number], &dice)
    return .at(truth.openings[number].entry, .wrongOpening).then(.wrongOpening)
  }
}
