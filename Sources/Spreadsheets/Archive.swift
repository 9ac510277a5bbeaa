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

  /// What is left to be unpacked and read.
  let budget = WorkbookBudget()
  private let memory: ArchiveMemory
  private let file: unzFile
  /// The parts by name, and where the archive's directory has them.
  private var places: [[UInt8]: unz_file_pos] = [:]

  init(_ bytes: [UInt8]) throws(SheetError) {
    guard Self.endsWithDirectory(bytes) else { throw Self.damaged }
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
    .damaged, "The workbook is damaged: it holds what no spreadsheet program writes.",
    hint: "Open it in the spreadsheet program and save it again.")

  /// Whether the archive is one and nothing else: its directory ends where its end record begins, and that
  /// ends the file, without a comment in which another archive could lie, or a second end record (ZIP64)
  /// that some programs follow and some do not.
  private static func endsWithDirectory(_ bytes: [UInt8]) -> Bool {
    let end = bytes.count - 22
    func number(_ place: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    return end >= 0 && bytes[end...].starts(with: [0x50, 0x4B, 5, 6])
      && bytes[(end + 20)...].allSatisfy { $0 == 0 }
      && number(end + 12) + number(end + 16) == end
      && !(end >= 20 && bytes[(end - 20)...].starts(with: [0x50, 0x4B, 6, 7]))
  }

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
      throw SheetError(
        .encrypted, "The workbook is encrypted.", hint: "Save it without a password.")
    }
    guard places.count < Self.maximumPartCount else {
      throw SheetError(.tooLarge, "The workbook has more than \(Self.maximumPartCount) parts.")
    }
    guard places.updateValue(place, forKey: Self.key(text)) == nil else {
      throw SheetError(
        .ambiguous, "The workbook has two parts of one name, and programs differ in which counts.")
    }
  }

  /// Whether there is a part of that name.
  func has(_ name: String) -> Bool { places[Self.key(name)] != nil }

  private static func key(_ name: String) -> [UInt8] {
    name.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }

  /// Whether the part that is open has the name before it that the directory has for it: a program that
  /// reads an archive from its beginning knows no other.
  private func bearsName(_ info: inout unz_file_info) -> Bool {
    var name = [CChar](repeating: 0, count: Int(info.size_filename) + 1)
    guard
      unsafe unzGetCurrentFileInfo(file, &info, &name, UInt(name.count), nil, 0, nil, 0) == UNZ_OK
    else { return false }
    let end =
      Int(clamping: unsafe unzGetCurrentFileZStreamPos64(file))
      - Int(unsafe unzGetLocalExtrafield(file, nil, 0))
    let start = end - name.count + 1
    return memory.holds(name.dropLast().map { UInt8(bitPattern: $0) }, at: start)
  }

  /// A part, unpacked, its checksum confirmed; `nil` if there is none of that name.
  func part(_ name: String) throws(SheetError) -> [UInt8]? {
    guard var place = places[Self.key(name)] else { return nil }
    var info = unz_file_info()
    guard unsafe unzGoToFilePos(file, &place) == UNZ_OK,
      unsafe unzGetCurrentFileInfo(file, &info, nil, 0, nil, 0, nil, 0) == UNZ_OK,
      unsafe unzOpenCurrentFile(file) == UNZ_OK, bearsName(&info)
    else { throw Self.damaged }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Int(unsafe unzReadCurrentFile(file, &chunk, UInt32(chunk.count)))
      guard count > 0 else {
        let isWhole = unsafe unzCloseCurrentFile(file) == UNZ_OK
        // The checksum is only held against a part that is as long as it says.
        guard count == 0, isWhole, bytes.count == Int(info.uncompressed_size) else {
          throw Self.damaged
        }
        return bytes
      }
      do {
        try budget.takeBytes(count)
      } catch {
        unsafe unzCloseCurrentFile(file)
        throw error
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

  func holds(_ part: [UInt8], at start: Int) -> Bool {
    bytes.indices.contains(start) && bytes[start...].starts(with: part)
  }

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
