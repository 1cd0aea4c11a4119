"""A bar chart as SVG inside the page: no script, no network, and its message in words for who cannot see it.

It carries its own colours, so that it looks the same in a page, in print and as a picture.
"""

from __future__ import annotations

from html import escape

from sim.report.content import Bars

_WIDTH, _NAMES, _LABELS = 900, 390, 90
_ROW, _GAP, _TOP = 24, 12, 34

_STYLE = """<style>
.bars text { font: 14px "Source Sans", "Segoe UI", "Liberation Sans", Arial, sans-serif; fill: #1F2937; stroke: #FFFFFF;
  stroke-width: 3px; paint-order: stroke; }
.bars .message { font-size: 16px; font-weight: 700; }
.bars .strong { font-weight: 700; }
.bars rect { fill: #6B7280; }
.bars rect.strong { fill: #0B4F8A; }
.bars rect.asked { fill: #FFF1D6; }
.bars text.asked { font-size: 13px; fill: #7A2E0E; }
.bars .edge { stroke: #7A2E0E; stroke-dasharray: 4 3; }
/* An outline would put every word twice into the text of a PDF. */
@media print { .bars text { stroke: none; } }
</style>"""


def svg(chart: Bars, number: int) -> str:
    """The chart as an `<svg>`; `number` makes its ids unique in the page. A bar past the scale is cut off and marked »."""
    room = _WIDTH - _NAMES - _LABELS
    most = chart.most or 1.0
    rows = sum(len(bars) + (len(bars) > 1) for _, bars in chart.groups)
    bottom = _TOP + rows * _ROW + len(chart.groups) * _GAP
    height = bottom + (30 if chart.band else 6)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bars" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="chart-{number}-title chart-{number}-text">',
        f'<title id="chart-{number}-title">{escape(chart.title)}</title>',
        f'<desc id="chart-{number}-text">{escape(chart.alt)}</desc>',
        _STYLE,
        f'<text x="0" y="18" class="message">{escape(chart.title)}</text>',
    ]
    if chart.band:
        low, high, words = chart.band
        left, right = (_NAMES + room * min(v / most, 1.0) for v in (low, high))
        out.append(
            f'<rect x="{left:.1f}" y="{_TOP - 4}" width="{right - left:.1f}" height="{bottom - _TOP}" class="asked"/>'
        )
        out += [
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 4}" y2="{bottom}" class="edge"/>'
            for x in (left, right)
            if x > _NAMES
        ]
        at, anchor = (left, "start") if left < _NAMES + room / 2 else (right, "end")
        out.append(
            f'<text x="{at:.1f}" y="{bottom + 18}" text-anchor="{anchor}" class="asked">{escape(words)}</text>'
        )
    y = _TOP
    for name, bars in chart.groups:
        if len(bars) > 1:
            out.append(f'<text x="0" y="{y + 16}" class="strong">{escape(name)}</text>')
            y += _ROW
        for bar in bars:
            label = bar.name or name
            colour = ' class="strong"' if bar.strong else ""
            length = max(room * min(bar.value / most, 1.0), 1.0 if bar.value else 0.0)
            cut = "» " if bar.value > most else ""
            strong = ' class="strong"' if bar.strong and len(bars) > 1 else ""
            out += [
                f'<text x="{14 if len(bars) > 1 else 0}" y="{y + 16}"{strong}>{escape(label)}</text>',
                f'<rect x="{_NAMES}" y="{y + 3}" width="{length:.1f}" height="{_ROW - 8}"{colour}/>',
                f'<text x="{_NAMES + length + 6:.1f}" y="{y + 16}">{cut}{escape(bar.label)}</text>',
            ]
            y += _ROW
        y += _GAP
    return "".join([*out, "</svg>"])
