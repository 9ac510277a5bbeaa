internal import COpenSSL

/// OpenSSL's values of ASN.1 as values of ours. Whatever pointer is given is the caller's.
enum ASN1 {
  /// What an `i2d` function writes.
  static func encoded(
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
  ) -> [UInt8]? {
    let count = encode(nil)
    guard count > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    let written = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      var next = buffer.baseAddress
      return unsafe encode(&next)
    }
    return written == count ? bytes : nil
  }

  /// The bytes of a string, or of a number as they stand in one.
  static func bytes(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8]? {
    guard let string = unsafe string, let data = unsafe ASN1_STRING_get0_data(string) else {
      return nil
    }
    let count = Int(unsafe ASN1_STRING_length(string))
    return unsafe Array(UnsafeBufferPointer(start: data, count: count))
  }

  /// A number from 0 to 2^160 − 1, big-endian without zeros in front; `nil` for any other.
  static func magnitude(_ number: UnsafePointer<ASN1_INTEGER>?) -> [UInt8]? {
    guard let number = unsafe number, unsafe ASN1_STRING_type(number) == V_ASN1_INTEGER,
      let bytes = unsafe bytes(number), bytes.count <= TimestampRequest.maximumIntegerByteCount
    else { return nil }
    return Array(bytes.drop { $0 == 0 })
  }

  /// A small number.
  static func integer(_ number: UnsafePointer<ASN1_INTEGER>?) -> Int64? {
    guard let number = unsafe number else { return nil }
    var value: Int64 = 0
    return unsafe ASN1_INTEGER_get_int64(&value, number) == 1 ? value : nil
  }

  /// An object identifier in digits, at most 127 bytes of them.
  static func text(of object: OpaquePointer?) -> String? {
    guard let object = unsafe object else { return nil }
    var buffer = [CChar](repeating: 0, count: 128)
    let count = Int(unsafe OBJ_obj2txt(&buffer, Int32(buffer.count), object, 1))
    guard (1..<buffer.count).contains(count) else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The hash that an imprint holds, if it is one by SHA-256.
  static func sha256(_ imprint: OpaquePointer?) -> Digest? {
    guard let imprint = unsafe imprint, let algorithm = unsafe TS_MSG_IMPRINT_get_algo(imprint),
      unsafe OBJ_obj2nid(algorithm.pointee.algorithm) == NID_sha256,
      let bytes = unsafe bytes(TS_MSG_IMPRINT_get_msg(imprint))
    else { return nil }
    return Digest(bytes)
  }

  /// A name as a person reads it, `CN=…,O=…`, at most 512 bytes of it.
  static func text(ofName name: OpaquePointer?) -> String? {
    guard let name = unsafe name, let bio = unsafe BIO_new(BIO_s_mem()) else { return nil }
    defer { unsafe BIO_free(bio) }
    guard unsafe onus_print_name(bio, name) >= 0 else { return nil }
    var data: UnsafeMutablePointer<CChar>?
    let count = unsafe onus_bio_memory(bio, &data)
    guard let data = unsafe data, count > 0 else { return nil }
    let bytes = unsafe UnsafeBufferPointer(start: data, count: min(count, 512)).map {
      UInt8(bitPattern: $0)
    }
    return String(decoding: bytes, as: UTF8.self) + (count > 512 ? "…" : "")
  }
}
