extension ScorecardReport {
  /// The style sheet. Dark on white beyond 5:1, and no meaning in colour alone.
  static let style = """

    :root { color-scheme: light; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --bad: #a40e26 }
    * { box-sizing: border-box }
    body { font: 14px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC",
      "Microsoft YaHei", sans-serif; color: var(--ink); background: #fff; margin: 2rem auto;
      max-width: 76rem; padding: 0 1rem; overflow-wrap: break-word }
    h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem }
    h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
    h3 { font-size: 1.05rem; margin: 1.75rem 0 .25rem; padding-top: .5rem;
      border-top: 2px solid var(--ink) }
    h4 { font-size: .9rem; margin: .75rem 0 .15rem }
    p { margin: .25rem 0; max-width: 60rem }
    small, .source { color: var(--soft); font-weight: 400 }
    small { font-size: .85em }
    .warning { border: 1px solid #9a6700; border-left-width: .4rem; background: #fff8c5;
      padding: .4rem .7rem; margin: 1rem 0; max-width: none }
    table { border-collapse: collapse; width: 100%; margin-top: 1rem }
    caption { text-align: left; color: var(--soft); padding: .25rem 0 }
    th, td { padding: .4rem .5rem; border-bottom: 1px solid var(--line); text-align: right;
      vertical-align: baseline; font-variant-numeric: tabular-nums }
    td { white-space: nowrap }
    th:first-child { text-align: left }
    thead th { border-bottom: 2px solid var(--ink); font-size: .85rem; vertical-align: bottom }
    thead small { display: block; white-space: nowrap }
    tbody th { font-weight: 400 }
    tbody tr:nth-child(even) { background: #f6f8fa }
    a { color: #0550ae; text-underline-offset: .15em }
    a:focus-visible { outline: 3px solid #0550ae; outline-offset: 2px }
    .bar { display: inline-block; width: 6rem; height: .5rem; margin-right: .6rem;
      background: #d0d7de }
    .bar rect { fill: #2f5d8a }
    .falsified, .no { color: var(--bad); font-weight: 700 }
    dl { margin: .25rem 0 }
    .method div, .origin div { display: flex; gap: .75rem; padding: .1rem 0 }
    .method dt, .origin dt { flex: 0 0 8rem; color: var(--soft) }
    .method dd, .origin dd { margin: 0; min-width: 0 }
    code { font: .9em/1.5 ui-monospace, "Noto Sans Mono", monospace; overflow-wrap: anywhere }
    .events dl { font-size: .85rem; margin: 0 }
    .events dt { margin-top: .2rem }
    .events dd { margin: 0 0 0 1.25rem }
    .events dd b { font-weight: 600; margin-right: .4rem }
    .events span { display: inline-block; margin-right: .9rem }
    .events i { font-style: normal; color: var(--soft) }
    .events dt, .events i { font-variant-numeric: tabular-nums }
    @media screen and (max-width: 47rem) {
      body { margin: 1rem auto }
      .units, .units caption, .units tbody, .units tr, .units th, .units td { display: block }
      .units thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
        overflow: hidden }
      .units tr { display: grid; column-gap: 1.5rem;
        grid-template-columns: repeat(auto-fit, minmax(13.5rem, 1fr));
        padding: .6rem .5rem; border-bottom: 1px solid var(--line) }
      .units th, .units td { border: 0; padding: .1rem 0 }
      .units tbody th { grid-column: 1 / -1; font-weight: 600; padding-bottom: .2rem }
      .units td { display: flex; justify-content: space-between; gap: .5rem; text-align: right }
      .units td::before { content: attr(data-label); color: var(--soft) }
      .units .bar { display: none }
      .method div, .origin div { display: block }
    }
    @page { size: A4 landscape; margin: 12mm 12mm 14mm;
      @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif } }
    @media print {
      body { font-size: 9.5pt; line-height: 1.4; margin: 0; padding: 0; max-width: none }
      a { color: inherit; text-decoration: none }
      th, td { padding: .1rem .4rem }
      thead { display: table-header-group }
      tr, dd { break-inside: avoid }
      h2, h3, h4, dt { break-after: avoid }
      .method, .origin { break-inside: avoid }
      .events { break-before: page }
      .events h3 { margin-top: 1rem }
      .events dl { font-size: 7.5pt; line-height: 1.3 }
      .events span { margin-right: .6rem }
      .bar, .warning, tbody tr { print-color-adjust: exact; -webkit-print-color-adjust: exact }
    }

    """
}
