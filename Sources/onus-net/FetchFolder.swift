internal import Glibc
internal import HelperProtocol
internal import Synchronization

/// A folder for what is fetched; only its owner may look into it.
struct FetchFolder: Sendable {
  let path: String

  /// Makes it where temporary files lie.
  init() throws(NetFailure) {
    let parent = Standard.environment("TMPDIR") ?? "/tmp"
    var template = Array("\(parent)/onus-fetched-XXXXXX".utf8CString)
    // What it makes of the template ends where that did.
    guard let made = unsafe mkdtemp(&template).map({ unsafe String(cString: $0) }) else {
      throw NetFailure(.couldNotRun, "No folder can be made in \(parent): \(Standard.reason()).")
    }
    path = made
  }

  /// A new file, in the place of one that is there.
  func file(_ name: String) throws(NetFailure) -> FetchedFile {
    let segments = name.split(separator: "/", omittingEmptySubsequences: false)
    guard
      segments.allSatisfy({ segment in
        !segment.isEmpty && segment != "." && segment != ".."
      })
    else { throw NetFailure(.couldNotRun, "\(name) is not a name for a file.") }
    var folder = path
    for segment in segments.dropLast() {
      folder += "/\(segment)"
      guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
        throw NetFailure(.couldNotRun, "\(folder) cannot be made: \(Standard.reason()).")
      }
    }
    return try FetchedFile("\(path)/\(name)")
  }

  /// Deletes the folder and all in it.
  func remove() { Self.remove(path) }

  private static func remove(_ path: String) {
    if let stream = unsafe opendir(path) {
      while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
          unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        if name == "." || name == ".." { continue }
        let inner = "\(path)/\(name)"
        if unsafe unlink(inner) != 0 { remove(inner) }
      }
      unsafe closedir(stream)
    }
    unsafe rmdir(path)
  }
}

/// A file that is being fetched. It is deleted when it is closed, unless it is kept.
final class FetchedFile: Sendable {
  private let path: String
  private let descriptor: Int32
  private let state = Mutex((byteCount: 0, isKept: false))

  init(_ path: String) throws(NetFailure) {
    self.path = path
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw NetFailure(.couldNotRun, "\(path) cannot be made: \(Standard.reason()).")
    }
  }

  /// Adds what has come.
  func add(_ bytes: some Collection<UInt8>) throws(NetFailure) {
    guard Standard.write(Array(bytes), to: descriptor) else {
      throw NetFailure(.couldNotRun, "\(path) cannot be written: \(Standard.reason()).")
    }
    state.withLock { $0.byteCount += bytes.count }
  }

  /// Keeps the file, and says how many bytes it has.
  func keep() -> Int {
    state.withLock {
      $0.isKept = true
      return $0.byteCount
    }
  }

  func close() {
    Glibc.close(descriptor)
    if !state.withLock({ $0.isKept }) { unsafe unlink(path) }
  }
}
