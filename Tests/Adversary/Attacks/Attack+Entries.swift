import Accountability
import Ledger
import TransparencyLog

extension Attack {
  /// Entries are changed on the disk, by somebody without any key.
  static let onEntries: [Attack] =
    Edit.all.map { edit in
      Attack("an entry: \(edit.name)") { trial in
        try trial.edit(edit).map { trial.altered($0) }
      }
    } + [
      Attack("an entry is dropped") { trial in
        let index = trial.dice.index(0..<trial.size - 1)
        trial.truth.entries[index] = nil
        return trial.altered(index, .entryMissing)
      },
      Attack("the last entries are dropped") { trial in
        let count = trial.dice.index(1..<trial.size)
        trial.truth.leaves.removeLast(Int(count))
        return .at(trial.size - count, .wrongCheckpointSize, affecting: count)
          .and(trial.size - count, .shorterThanExpected, affecting: count)
          .then(.wrongReleased, .wrongTile, .strayOpening, .shorterThanExpected)
      },
      Attack("an entry is put in twice, and those after it move on") { trial in
        let index = trial.dice.index(0..<trial.size)
        trial.truth.leaves.insert(trial.truth.leaves[Int(index)], at: Int(index))
        // Each of those that moved stands in the place of another.
        return trial.each(index + 1..<trial.size, .entryAltered).and(trial.size, .strayRows)
          .then(.strayRows)
      },
      Attack("two entries change places") { trial in
        let (one, other) = trial.dice.pair(0..<trial.size)
        (trial.truth.entries[one], trial.truth.entries[other]) =
          (trial.truth.entries[other], trial.truth.entries[one])
        return trial.altered(one).and(other, .entryAltered)
      },
      Attack("several entries are changed, side by side or apart") { trial in
        let indexes = trial.dice.several(1..<trial.size, Int(trial.dice.index(2..<24)))
        for index in indexes { trial.change(index) { $1.flip(&$0) } }
        return indexes.reduce(Expectation(found: [])) { $0.and($1, .entryAltered) }
      },
      Attack("several entries and several fingerprints are changed") { trial in
        let indexes = trial.dice.several(1..<trial.size, Int(trial.dice.index(3..<24)))
        let (entries, fingerprints) = (indexes.dropFirst(2), indexes.prefix(2))
        for index in entries { trial.change(index) { $1.flip(&$0) } }
        trial.changeTile { hashes, dice in
          for index in fingerprints { hashes[Int(index)] = dice.flipped(hashes[Int(index)]) }
        }
        let expected = Expectation.at(fingerprints.min(), .tileAltered, affecting: 2)
        return entries.reduce(expected) { $0.and($1, .entryAltered) }
      },
      Attack("the newest entries are those of another ledger") { trial in
        let first = trial.dice.index(1..<trial.size)
        let other = try Chronicle.other.get().truth
        for index in first..<trial.size { trial.truth.entries[index] = other.entries[index] }
        return trial.each(first..<trial.size, .entryAltered)
      },
    ]

  /// Entries are changed by somebody who hashes everything anew, and has no key.
  static let withFingerprints: [Attack] = Edit.all.map { edit in
    Attack("an entry and its fingerprint: \(edit.name)") { trial in
      guard let index = try trial.edit(edit) else { return nil }
      trial.forger.retile(&trial.truth)
      return trial.rewritten(index).and(nil, .wrongCheckpointRoot).and(nil, .wrongReleased)
    }
  }

  /// Entries are changed by the operator, who signs the checkpoint anew.
  static let withCheckpoint: [Attack] =
    Edit.all.map { edit in
      Attack("an entry, its fingerprint and the checkpoint: \(edit.name)") { trial in
        guard let index = try trial.edit(edit) else { return nil }
        trial.forger.remake(&trial.truth)
        return trial.rewritten(index)
      }
    } + [
      Attack("the checkpoint is signed over more entries than there are") { trial in
        let size = trial.size + (1 << trial.dice.index(0..<62))
        let checkpoint = Checkpoint(origin: Cast.origin, size: size, root: trial.dice.digest())
        trial.forger.sign(&trial.truth, checkpoint)
        return .at(trial.size, .wrongCheckpointSize, affecting: size - trial.size)
          .and(nil, .wrongReleased)
      },
      Attack("the checkpoint is signed over another root") { trial in
        let root = trial.dice.digest()
        trial.forger.sign(&trial.truth, .init(origin: Cast.origin, size: trial.size, root: root))
        return .ledger(.wrongCheckpointRoot).and(nil, .wrongReleased)
      },
      Attack("the checkpoint is signed under another name") { trial in
        let root = MerkleTree.root(of: trial.truth.leaves.map { MerkleTree.leafHash($0) })
        trial.forger.sign(&trial.truth, .init(origin: "x.example", size: trial.size, root: root))
        return .ledger(.checkpointUnsigned).and(nil, .wrongReleased)
      },
    ]

  /// Entries are changed by the operator, who gives every later entry the root that then is before it.
  static let withSequence: [Attack] =
    Edit.all.map { edit in
      Attack("an entry and the sequence from it on: \(edit.name)") { trial in
        guard let index = try trial.edit(edit) else { return nil }
        trial.forger.resequence(&trial.truth, from: index + 1)
        return trial.resequenced(index, isPlausible: edit.isPlausible)
      }
    } + [
      Attack("an entry is dropped, and the sequence closed") { trial in
        let index = trial.dice.index(0..<trial.size)
        trial.truth.leaves.remove(at: Int(index))
        trial.forger.resequence(&trial.truth, from: index)
        return trial.resequenced(index, isPlausible: true)
      },
      Attack("an entry is put in twice, in sequence") { trial in
        let (one, other) = trial.dice.pair(0..<trial.size + 1)
        trial.truth.leaves.insert(trial.truth.leaves[Int(one)], at: Int(other))
        trial.forger.resequence(&trial.truth, from: other)
        return trial.resequenced(other, isPlausible: false)
      },
      Attack("two entries change places, in sequence") { trial in
        let (one, other) = trial.dice.pair(0..<trial.size)
        trial.truth.leaves.swapAt(Int(one), Int(other))
        trial.forger.resequence(&trial.truth, from: one)
        // Whoever had not seen those between might have said it there.
        let isPlausible = trial.chronicle.statements[Int(other)].unseen >= other - one
        return trial.resequenced(one, isPlausible: isPlausible)
      },
      Attack("an entry of another ledger is put in, in sequence") { trial in
        let index = trial.dice.index(1..<trial.size)
        let other = try Chronicle.other.get().truth.leaves[Int(index)]
        trial.truth.leaves.insert(other, at: Int(index))
        trial.forger.resequence(&trial.truth, from: index)
        return trial.resequenced(index, isPlausible: false)
      },
      Attack("the newest entries are those of another ledger, in sequence") { trial in
        let first = trial.dice.index(1..<trial.size)
        let other = try Chronicle.other.get().truth.leaves
        trial.truth.leaves.replaceSubrange(Int(first)..., with: other[Int(first)...])
        trial.forger.resequence(&trial.truth, from: first)
        return trial.resequenced(first, isPlausible: false)
      },
    ]
}

extension Trial {
  /// Each of these entries has a finding of this code.
  func each(_ range: Range<UInt64>, _ code: FindingCode) -> Expectation {
    range.reduce(Expectation(found: [])) { $0.and($1, code) }
  }

  /// An entry whose bytes are not those that were recorded. Without entry 0 the rest has no rules.
  func altered(_ index: UInt64, _ code: FindingCode = .entryAltered) -> Expectation {
    .at(index, code)
      .then(index == 0 ? [.notJudged, .signaturesUnjudged, .historyUnjudged, .unanchored] : [])
  }

  /// An entry that was changed together with its hash, while later ones still speak of the old.
  func rewritten(_ index: UInt64) -> Expectation {
    var expected = Expectation(found: []).from(index).then(consequences)
    if index == 0 {
      // Without entry 0 the log's key is not known, and nothing can be held against it.
      expected = expected.then(
        .differsFromExpected, .unanchored, .foreignCheckpoint, .checkpointOfAnother
      )
      .then(.checkpointUnsigned, .wrongReleased, .wrongCosignature, .wrongTimestamp)
    } else {
      expected = expected.and(nil, .differsFromExpected)
    }
    if isLikeItsNeighbour(index) {
      expected = expected.from(index - 1).then(.entryRewritten)
    } else if index + 1 < size {
      expected = expected.and(index, .entryRewritten, affecting: size - index)
    }
    return expected
  }

  /// Whether only the `root` line was changed of an entry whose author had not seen all before it:
  /// nothing tells then whether that was changed or the entry before.
  private func isLikeItsNeighbour(_ index: UInt64) -> Bool {
    guard let old = try? Entry(chronicle.truth.entries[index] ?? []),
      let new = try? Entry(truth.entries[index] ?? [])
    else { return false }
    return new.root != old.root && new.submission == old.submission
      && new.submission.seen.size < index
  }

  /// An entry that was changed, with every later one put in order after it.
  ///
  /// - Parameter isPlausible: Whether it passes for one that might have stood there. Then it is found
  ///   by the first of those who had seen another.
  func resequenced(_ index: UInt64, isPlausible: Bool) -> Expectation {
    var expected = Expectation(found: []).from(index).then(consequences)
    if index == 0 {
      expected = expected.then(
        .differsFromExpected, .unanchored, .foreignCheckpoint, .checkpointOfAnother
      )
      .then(.checkpointUnsigned, .wrongReleased, .wrongCosignature, .wrongTimestamp)
    } else if truth.size < size {
      expected = expected.and(truth.size, .shorterThanExpected, affecting: size - truth.size)
    } else if index < size {
      expected = expected.and(nil, .differsFromExpected)
    }
    // Another entry 0 opens another ledger; it is the rest that then has no place in it.
    expected.isAccused = !isPlausible && !isOnlyLater(index) && index > 0
    return expected
  }

  /// Whether nothing was changed of an entry but its time, which still is not before the last.
  private func isOnlyLater(_ index: UInt64) -> Bool {
    guard index > 0, let old = try? Entry(chronicle.truth.entries[index] ?? []),
      let new = try? Entry(truth.entries[index] ?? [])
    else { return false }
    return new.submission == old.submission && new.root == old.root && new.index == old.index
      && new.time >= chronicle.statements[Int(index) - 1].time
  }

  /// What may be said of an entry that is another than its author made, and of those after it.
  private var consequences: Set<FindingCode> {
    Set<FindingCode>.voids.union([
      .entryUnreadable, .wrongIndex, .timeWentBack, .wrongRoot, .notOpened, .notJudged,
      .signaturesUnjudged, .historyUnjudged, .cosignedOtherwise, .strayOpening, .wrongOpening,
      .missingOpening, .shorterThanExpected, .needsRules, .timestampedOtherwise,
    ])
  }
}
