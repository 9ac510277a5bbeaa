public import Cryptography
internal import Encoding
public import TransparencyLog

/// What a witness answers to those who reach it by a network, and what its own log says of it.
public struct WitnessReply: Hashable, Sendable {
  /// What goes out.
  public let answer: WitnessAnswer
  /// Which log it was about and which sizes, as far as that was clear.
  public let remark: [String]

  /// What is answered where the state cannot be read or kept.
  public static let failed = WitnessReply(
    answer: WitnessAnswer(status: 500, sentence: "The witness cannot use its memory."), remark: [])
}

extension WitnessFolder {
  /// Answers `add-checkpoint`: a request's bytes, as they came.
  ///
  /// What is cosigned has been kept before this returns.
  ///
  /// - Parameters:
  ///   - time: Seconds since 1970 UTC.
  ///   - key: The witness's private key, and the verifier key that belongs to it.
  /// - Throws: `LedgerError` if the state cannot be read or kept. Nothing may be answered then but
  ///   that it failed.
  public func reply(
    toAddCheckpoint body: [UInt8], at time: UInt64, with key: SigningKey, as witness: CosignerKey
  ) throws -> WitnessReply {
    let request: WitnessRequest
    do {
      request = try WitnessRequest(body)
    } catch {
      return WitnessReply(answer: WitnessAnswer(status: 400, sentence: error.message), remark: [])
    }
    let asked = request.checkpoint.checkpoint
    let remark = [
      // One word, whatever stands in it.
      TextRules.visible(asked.origin), "old=\(request.oldSize)", "new=\(asked.size)",
    ]
    do {
      let cosigned = try cosign(request, at: time, with: key, as: witness)
      guard
        let line = cosigned.note.signatures.last(where: { $0.keyName == witness.keyName })
      else { throw LedgerError(.fileFailed, "A cosignature was made and is not there.") }
      return WitnessReply(answer: WitnessAnswer(cosignature: line), remark: remark)
    } catch let refusal as WitnessRefusal {
      return WitnessReply(answer: WitnessAnswer(refusal), remark: remark)
    }
  }

  /// Answers who asks for the checkpoint that was cosigned last of the log with that origin hash.
  ///
  /// - Throws: `LedgerError` if the state cannot be read.
  public func reply(toMonitor hash: String) throws -> WitnessReply {
    let log = try logs().first { Self.hash(of: $0.name).utf8.elementsEqual(hash.utf8) }
    guard let log, let latest = try latest(of: log.name) else {
      return WitnessReply(
        answer: WitnessAnswer(status: 404, sentence: "Nothing was cosigned of such a log."),
        remark: [])
    }
    return WitnessReply(
      answer: WitnessAnswer(
        status: 200, contentType: WitnessAnswer.textType, body: latest.bytes),
      remark: [TextRules.visible(log.name), "size=\(latest.checkpoint.size)"])
  }
}
