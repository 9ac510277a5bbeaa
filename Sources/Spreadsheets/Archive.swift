internal import CMinizip

/// The zip archive that a workbook is, read from memory by minizip.
///
/// Sizes that the archive states are not believed: a part is read up to a bound. Names are compared without
/// regard to ASCII case (ECMA-376 part 2, 6.2.2.3), and two parts of one name, of which another program
/// might read the other, are refused.
@safe final class Archive {
  /// What every workbook begins with.
  static let magic: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  /// The most parts an archive may have.
  private static let maximumPartCount = 4_096
  /// The most bytes a part may have once it is unpacked.
  private static let maximumPartByteCount = 64 << 20

  private let memory: ArchiveMemory
  private let file: unzFile
  /// The parts by name, and where the archive's directory has them.
  private var places: [[UInt8]: unz_file_pos] = [:]

  init(_ bytes: [UInt8]) throws(SheetError) {
    memory = ArchiveMemory(bytes)
    guard let file = unsafe memory.open() else { throw Self.damaged }
    unsafe self.file = file
    var status = unsafe unzGoToFirstFile(file)
    while status == UNZ_OK {
      try note()
      status = unsafe unzGoToNextFile(file)
    }
    guard status == UNZ_END_OF_LIST_OF_FILE else { throw Self.damaged }
  }

  deinit { unsafe unzClose(file) }

  static let damaged = SheetError(
    "The workbook is damaged: it is a zip archive that cannot be read.",
    hint: "Open it in the spreadsheet program and save it again.")

  /// Notes the part that the directory is at.
  private func note() throws(SheetError) {
    var name = [CChar](repeating: 0, count: 256)
    var place = unz_file_pos()
    var info = unz_file_info()
    guard
      unsafe unzGetCurrentFileInfo(file, &info, &name, UInt(name.count - 1), nil, 0, nil, 0)
        == UNZ_OK,
      info.size_filename < UInt(name.count), unsafe unzGetFilePos(file, &place) == UNZ_OK,
      let text = String(
        validating: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    else { throw Self.damaged }
    guard info.flag & 1 == 0 else {
      throw SheetError("The workbook is encrypted.", hint: "Save it without a password.")
    }
    guard places.count < Self.maximumPartCount else {
      throw SheetError("The workbook has more than \(Self.maximumPartCount) parts.")
    }
    guard places.updateValue(place, forKey: Self.key(text)) == nil else {
      throw SheetError(
        "The workbook has two parts of one name, and programs differ in which counts.")
    }
  }

  /// Whether there is a part of that name.
  func has(_ name: String) -> Bool { places[Self.key(name)] != nil }

  private static func key(_ name: String) -> [UInt8] {
    name.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }

  /// A part, unpacked, its checksum confirmed; `nil` if there is none of that name.
  func part(_ name: String) throws(SheetError) -> [UInt8]? {
    guard var place = places[Self.key(name)] else { return nil }
    guard unsafe unzGoToFilePos(file, &place) == UNZ_OK,
      unsafe unzOpenCurrentFile(file) == UNZ_OK
    else { throw Self.damaged }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Int(unsafe unzReadCurrentFile(file, &chunk, UInt32(chunk.count)))
      guard count > 0 else {
        let isWhole = unsafe unzCloseCurrentFile(file) == UNZ_OK
        guard count == 0, isWhole else { throw Self.damaged }
        return bytes
      }
      guard bytes.count + count <= Self.maximumPartByteCount else {
        unsafe unzCloseCurrentFile(file)
        throw SheetError(
          "The workbook unpacks to more than \(Self.maximumPartByteCount >> 20) MiB a part.")
      }
      bytes += chunk.prefix(count)
    }
  }
}

/// Bytes as minizip reads a file: a position that moves.
private final class ArchiveMemory {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Opens the archive in the bytes; this object must outlive what comes back.
  func open() -> unzFile? {
    var functions = unsafe zlib_filefunc_def()
    unsafe functions.opaque = Unmanaged.passUnretained(self).toOpaque()
    // The stream is the memory itself, which every function is handed as `opaque` too.
    unsafe functions.zopen_file = { opaque, _, _ in unsafe opaque }
    unsafe functions.zread_file = { opaque, _, buffer, count in
      guard let memory = unsafe ArchiveMemory.from(opaque), let buffer = unsafe buffer else {
        return 0
      }
      return unsafe memory.read(
        into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)))
    }
    unsafe functions.zwrite_file = { _, _, _, _ in 0 }
    unsafe functions.ztell_file = { opaque, _ in
      unsafe ArchiveMemory.from(opaque)?.position ?? -1
    }
    unsafe functions.zseek_file = { opaque, _, offset, origin in
      unsafe ArchiveMemory.from(opaque)?.seek(Int(clamping: offset), from: origin) ?? -1
    }
    unsafe functions.zclose_file = { _, _ in 0 }
    unsafe functions.zerror_file = { _, _ in 0 }
    return unsafe unzOpen2("", &functions)
  }

  private static func from(_ opaque: UnsafeMutableRawPointer?) -> ArchiveMemory? {
    unsafe opaque.map { unsafe Unmanaged<ArchiveMemory>.fromOpaque($0).takeUnretainedValue() }
  }

  private func read(into buffer: UnsafeMutableRawBufferPointer) -> UInt {
    let count = min(buffer.count, bytes.count - position)
    unsafe buffer.copyBytes(from: bytes[position..<(position + count)])
    position += count
    return UInt(count)
  }

  private func seek(_ offset: Int, from origin: CInt) -> Int {
    let base =
      switch origin {
      case ZLIB_FILEFUNC_SEEK_CUR: position
      case ZLIB_FILEFUNC_SEEK_END: bytes.count
      default: 0
      }
    let (target, overflows) = base.addingReportingOverflow(offset)
    guard !overflows, (0...bytes.count).contains(target) else { return -1 }
    position = target
    return 0
  }
}
