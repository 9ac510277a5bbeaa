internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import Spreadsheets
internal import TransparencyLog
internal import Views

struct Import: ParsableCommand, Multilingual {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract:
      "Bring in a directory of organisations or a plan of tasks from a CSV file or workbook.",
    discussion: """
      The file is CSV in UTF-8 or an Excel workbook (.xlsx). What it is follows from its header: \
      org_id makes it a directory (registrar), task_code a plan (issuer), and with --posts the posts \
      that a plan names (registrar): POST- and the lead's id, one for each lead. With --dry-run \
      nothing is written, the rules are asked, and what each row comes to is printed, with how much \
      of it is new.

      A directory has org_id, kind, name_en, name_zh; it may have parent_id, short_zh, aliases_zh.
      A plan has programme_id, objective_code, objective_en, objective_zh, task_code, task_en, \
      task_zh, lead_org, start_date, due_date, report_cycle, evidence_en, weight; with --posts \
      accountable_post_en and accountable_post_zh too. docs/formats/import.md has the rest.

      Example:
        onus import departments.csv --as D18
        onus import programme.csv --posts --as D18
        onus import programme.xlsx --title-en 'Three-Year Action' --title-zh 三年行动 --as D01
      """)

  @Argument(help: "The CSV file or Excel workbook.") var file: String
  @Option(help: "Which sheet of a workbook, if several hold something.") var sheet: String?
  @Flag(help: "Print how each row is read, and write nothing.") var dryRun = false
  @Flag(help: "Define the posts that the plan names, instead of its tasks.") var posts = false
  @Option(help: "The plan's title in English, instead of its id.") var titleEn: String?
  @Option(help: "The plan's title in Chinese, instead of its id.") var titleZh: String?
  @Option(help: "The plan's first day, instead of its first task's.") var start: String?
  @Option(help: "The plan's last day, instead of its last task's.") var end: String?
  @Option(help: "The offset at which all its dates are read.") var offset = "+08:00"
  @OptionGroup var write: WriteOptions

  var language: Language { write.lang }

  func run() throws {
    var content = TableImport()
    let bytes = try Files.read(file)
    let table: Sheet
    do { table = try Sheet(bytes, sheet: sheet) } catch { throw Failure(error).at(file) }
    let state = try LedgerFolder(write.place.folder, for: .readWrite).views().programme()
    do { try read(table, into: &content, beside: state) } catch { throw Failure(error).at(file) }
    try content.cells.problems.require(in: file, language)
    if dryRun {
      if write.place.json {
        Answer.json(content.json(language))
      } else {
        Terminal.standardOutput(ImportSummary(content, in: state, write.lang).text)
      }
      return try judge(content)
    }
    guard !content.events.isEmpty else {
      // It may all be there because an import was stopped before it was published.
      let folder = try LedgerFolder(write.place.folder, for: .readWrite)
      if write.signTo == nil, try folder.hasUnpublished {
        try Office(folder, keys: write.place.keyFolder).writer.settle()
      }
      if write.place.json { return Answer.json(content.json(language)) }
      Terminal.standardOutput(language == .zh ? "没有可导入的内容\n" : "nothing to import\n")
      return
    }
    let author = try write.signer(write.author)
    let drafts = Self.drafts(content.events.map(\.event), author: author.keyName)
    guard write.signTo == nil else {
      guard drafts.count == 1 else {
        throw Failure(
          "\(file) needs \(drafts.count) submissions, and --sign-to writes one.",
          hint: "Split the table, or import it at the office without --sign-to.", exit: .usage)
      }
      return try Signing(write).finish(drafts[0], author: author)
    }
    // None begins that the rules would not end, and all that they refuse is said at once.
    try judge(content)
    try Signing(write).append(drafts, author) { place, rejection in
      let failure = Failure(rejection)
      guard case .rules(let refusal) = rejection, let event = refusal.event else { return failure }
      let before = drafts[..<place].reduce(0) { $0 + $1.events.count }
      return located(failure, content.events[before + event - 1].row)
    }
  }

  /// What refuses an event, with the row of the table that it is of and in the table's words.
  private func located(_ failure: Failure, _ row: Sheet.Row) -> Failure {
    Failure(
      ImportColumns.inColumns(failure.message), hint: failure.hint, exit: failure.exit,
      rule: failure.rule
    ).at("\(file), \(row.place.lowercased())")
  }

  /// Asks the rules what they would say of the import, and writes nothing.
  ///
  /// After a refusal they are asked of the rest without what it was about, so that everything that they
  /// refuse is said; a programme that they refuse is all that there is to say.
  private func judge(_ content: TableImport) throws {
    guard !content.events.isEmpty else { return }
    let folder = try LedgerFolder(write.place.folder, for: .readWrite)
    let views = try folder.views()
    let size = try folder.released().checkpoint.size
    let author = try write.signer(write.author).keyName
    let now = MachineClock.now()
    let time = try folder.clock() == .simulated ? folder.time(ofSize: size) ?? now : now
    var rules = try Foresight(in: folder, views)
    var n = try views.count(of: author)
    var events = content.events
    var problems = ImportProblems()
    while !events.isEmpty, !problems.isFull {
      let part = Self.drafts(events.map(\.event), author: author)[0].events
      let facts = SubmissionFacts(
        by: [SubmissionFacts.Signer(key: author, n: n + 1)], at: time, seenSize: size,
        events: part)
      guard let refusal = try rules.append(facts) else {
        n += 1
        events.removeFirst(part.count)
        continue
      }
      guard let number = refusal.event else { throw Failure(refusal).at(file) }
      // Which event of which submission it would be says nothing beside its row.
      let failure = Failure(
        "refused (\(refusal.code.rawValue)): \(refusal.message)", hint: refusal.hint,
        exit: .refused,
        rule: refusal.code)
      let (row, refused) = events[number - 1]
      problems.note(row, located(failure, row))
      if refused.type == "programme.issued" { break }
      events.removeAll { $0.row.number == row.number && $0.event.subject == refused.subject }
    }
    try problems.require(in: file, language)
  }

  private func read(
    _ table: Sheet, into content: inout TableImport, beside state: Programme
  ) throws {
    let organisations = Set(state.organisations.values.map(\.id.rawValue))
    let known = Set(state.posts.values.map(\.id.rawValue))
    let frame = TableImport.Frame(
      titles: (titleEn, titleZh), start: try day(start, "--start"), end: try day(end, "--end"),
      offset: offset)
    if table.header.contains("org_id") {
      try content.readDirectory(table, known: organisations)
    } else if table.header.contains("task_code"), posts {
      try content.readPosts(table, known: known, leads: organisations)
      // Posts are for ever: they are not defined for a plan that cannot be read afterwards.
      if (try? ImportColumns.check(table, as: .plan)) != nil {
        var trial = TableImport()
        try trial.readPlan(
          table, frame, posts: known.union(organisations.map(TableImport.post)),
          leads: organisations)
        content.cells.note(trial.cells.problems)
      }
    } else if table.header.contains("task_code") {
      try content.readPlan(table, frame, posts: known, leads: organisations)
    } else {
      throw Failure(
        "The header has neither org_id nor task_code, so this is neither a directory nor a plan.",
        hint: "docs/formats/import.md lists the columns of both.")
    }
  }

  private func day(_ text: String?, _ option: String) throws(Failure) -> Day? {
    guard let text else { return nil }
    guard let day = Day(text) else {
      throw Failure(
        "\(option) is \(TextRules.quoted(text)), not a date such as 2023-01-01.", exit: .usage)
    }
    return day
  }

  /// As few submissions as the limits allow, in order.
  static func drafts(_ events: [Event], author: KeyName) -> [Draft] {
    var drafts: [Draft] = []
    var draft = Draft(author: author)
    var byteCount = 0
    for event in events {
      let size = CanonicalJSON.write(event.json).count + 1
      // Room for the header and the signature lines of a submission.
      if draft.events.count == 256 || byteCount + size > Limits.submissionByteCount - 4096 {
        drafts.append(draft)
        draft = Draft(author: author)
        byteCount = 0
      }
      draft.add([event])
      byteCount += size
    }
    drafts.append(draft)
    return drafts
  }
}
