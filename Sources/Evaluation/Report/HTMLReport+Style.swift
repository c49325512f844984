extension HTMLReport {
    /// The style sheet: one column, system fonts, no external file, and rules for paper.
    static let style = """

        :root { color-scheme: light dark; \(ReportPalette.variables(isDark: false)) }
        @media screen and (prefers-color-scheme: dark) { \
        :root { \(ReportPalette.variables(isDark: true)) } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, \
        "Segoe UI", "Helvetica Neue", Arial, "Noto Sans", "DejaVu Sans", sans-serif; }
        main { max-width: 1000px; margin: 0 auto; padding: 40px 28px 72px; }
        h1 { font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; \
        margin: 28px 0 14px; }
        h2 { font-size: 19px; font-weight: 650; margin: 0 0 12px; }
        section { margin: 44px 0 0; }
        .notice { margin: 0; padding: 9px 14px; border-left: 3px solid var(--alarm); background: var(--alarm-fill); \
        font-size: 13.5px; }
        .verdicts { font-size: 17px; line-height: 1.5; max-width: 92ch; }
        .verdicts dt, .verdicts dd { padding: 7px 0; }
        .warning { margin: 0 0 14px; padding: 9px 14px; border-left: 3px solid var(--alarm); \
        background: var(--alarm-fill); }
        .scale { margin: 22px 0 0; max-width: 84ch; }
        details { margin-top: 18px; } summary { cursor: pointer; font-weight: 600; margin-bottom: 8px; }
        .findings { margin: 14px 0 0; max-width: 84ch; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: 13.5px; \
        font-variant-numeric: tabular-nums; }
        th, td { padding: 7px 0 7px 11px; text-align: right; white-space: nowrap; \
        border-bottom: 1px solid var(--line); vertical-align: baseline; }
        thead th { color: var(--muted); font-weight: 500; font-size: 12px; white-space: normal; \
        vertical-align: bottom; border-bottom: 1.5px solid var(--ink); }
        th[scope=row], thead th:first-child { text-align: left; padding-left: 0; font-weight: 600; }
        th.text, td.text { text-align: left; padding-left: 20px; } td.text { white-space: normal; }
        .runs table { font-size: 12.5px; } .runs th, .runs td { padding-top: 4px; padding-bottom: 4px; }
        tr.reference th, tr.reference td { color: var(--muted); font-weight: 400; }
        td.best { font-weight: 700; }
        .reach { color: var(--muted); font-weight: 400; font-size: 11.5px; }
        .hint { color: var(--reference); }
        figure { margin: 0; max-width: 860px; }
        svg { display: block; width: 100%; height: auto; font-family: inherit; }
        svg + svg { margin-top: 6px; }
        figcaption, .caption { color: var(--muted); font-size: 13.5px; line-height: 1.5; margin: 10px 0 0; \
        max-width: 68ch; }
        ul, ol { margin: 0; padding-left: 1.2em; }
        li { margin: 4px 0; }
        section > ul { font-size: 14.5px; max-width: 76ch; }
        dl { margin: 0; font-size: 14.5px; display: grid; grid-template-columns: max-content 1fr; \
        column-gap: 22px; }
        dd ul { padding-left: 1.1em; } dd li:first-child { margin-top: 0; } dd li:last-child { margin-bottom: 0; }
        sup { line-height: 0; color: var(--alarm); font-size: 11px; }
        dt { font-weight: 600; padding: 8px 0; max-width: 200px; overflow-wrap: anywhere; }
        dd { margin: 0; padding: 8px 0; border-bottom: 1px solid var(--line); }
        .examples { list-style: none; padding: 0; margin-top: 16px; font-size: 14.5px; }
        .examples li { padding: 10px 0; border-top: 1px solid var(--line); }
        .examples p { margin: 3px 0; display: grid; grid-template-columns: 140px 1fr; gap: 14px; \
        overflow-wrap: anywhere; }
        .who { color: var(--muted); font-size: 12.5px; padding-top: 2px; }
        @media print {
          @page { margin: 16mm 15mm; }
          body { font-size: 10.5pt; }
          main { max-width: none; padding: 0; }
          h1 { font-size: 20pt; margin-top: 14pt; }
          h2 { font-size: 13pt; break-after: avoid; }
          h2 + p, thead, tbody tr:nth-child(-n+3) { break-after: avoid; }
          .verdicts { font-size: 11pt; }
          section { margin-top: 20pt; }
          figure, svg, tr, .examples li, dd { break-inside: avoid; }
          figure.panels { break-inside: auto; }
          table { font-size: 8pt; } thead th { font-size: 7pt; }
          th, td { padding: 4pt 0 4pt 5pt; }
          .reach { font-size: 6.5pt; }
          .wide { overflow: visible; }
          .notice { background: none; }
        }

        """
}
