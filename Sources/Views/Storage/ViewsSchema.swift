/// What `views.db` looks like inside (`docs/design.md`, *Storage*).
///
/// Everything in it is derived from the log and can be deleted. Rows are the same however the views
/// came to be: entry by entry, in a catch-up or in a rebuild.
///
/// | table | a row is |
/// |---|---|
/// | `position` | the one row: how much is folded, the root there, by which projection and rules |
/// | `state` | one record of the folded state, encoded, under its `StateKey` |
/// | `submission` | which entry holds number `n` of an author, if it was applied |
/// | `event` | one event of an entry that is not void; `place` = entry × 256 + (event − 1) |
/// | `void` | an entry that does not count, and the refusal |
enum ViewsSchema {
  /// "OnuV": what `PRAGMA application_id` says of views.
  static let applicationID: Int32 = 0x4F6E_7556
  /// The projection: the tables below and the encoding of records. Views of another are rebuilt.
  static let version: Int32 = 6
  /// How many events one entry can have; the factor in `event.place`.
  static let eventsPerEntry: UInt64 = 256

  static let tables = [
    """
    CREATE TABLE position (
      id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL, rules INTEGER NOT NULL,
      size INTEGER NOT NULL, root BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE state (
      kind INTEGER NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, name)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE submission (
      key TEXT NOT NULL, n INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (key, n)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE event (
      place INTEGER PRIMARY KEY, type TEXT NOT NULL, task TEXT, org TEXT, author TEXT NOT NULL,
      time INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE void (
      entry INTEGER PRIMARY KEY, code TEXT NOT NULL, message TEXT NOT NULL, hint TEXT,
      cause INTEGER, event INTEGER
    ) STRICT
    """,
  ]

  /// Made after a rebuild has filled the tables: sorting once is cheaper than inserting in order of
  /// arrival.
  static let indexes = [
    "CREATE INDEX event_of_task ON event (task) WHERE task IS NOT NULL",
    "CREATE INDEX event_of_org ON event (org) WHERE org IS NOT NULL",
  ]

  /// Asks a file for the text of everything that it consists of, as SQLite keeps it.
  static let question = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
  /// What views answer to that.
  static let everything = Set(tables + indexes)
}

/// Every statement that runs on `views.db`, so that a test can look at the plan of each.
enum ViewsStatement: String, CaseIterable {
  case position = "SELECT version, rules, size, root FROM position WHERE id = 0"
  case putPosition = """
    INSERT INTO position (id, version, rules, size, root) VALUES (0, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, rules = excluded.rules,
      size = excluded.size, root = excluded.root
    """
  case record = "SELECT value FROM state WHERE kind = ? AND name = ?"
  case records = "SELECT name, value FROM state WHERE kind = ? ORDER BY name"
  case putRecord = """
    INSERT INTO state (kind, name, value) VALUES (?, ?, ?)
    ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value
    """
  case entryOfSubmission = "SELECT entry FROM submission WHERE key = ? AND n = ?"
  case putSubmission = "INSERT INTO submission (key, n, entry) VALUES (?, ?, ?)"
  case addEvent = """
    INSERT INTO event (place, type, task, org, author, time) VALUES (?, ?, ?, ?, ?, ?)
    """
  case eventsOfTask = """
    SELECT place, type, task, org, author, time FROM event
    WHERE task = ? AND place < ? ORDER BY place
    """
  case newestEventsOfTask = """
    SELECT place, type, task, org, author, time FROM event
    WHERE task = ? ORDER BY place DESC LIMIT ?
    """
  case eventsOfOrganisation = """
    SELECT place, type, task, org, author, time FROM event
    WHERE org = ? AND place < ? ORDER BY place
    """
  case newestEvents = """
    SELECT place, type, task, org, author, time FROM event
    WHERE place < ? ORDER BY place DESC LIMIT ?
    """
  case addVoid = """
    INSERT INTO void (entry, code, message, hint, cause, event) VALUES (?, ?, ?, ?, ?, ?)
    """
  case voids = """
    SELECT entry, code, message, hint, cause, event FROM void WHERE entry < ? ORDER BY entry
    """
}
