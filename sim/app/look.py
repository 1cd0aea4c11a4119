"""The style sheet of the page: what the theme in `.streamlit/config.toml` cannot say."""

from __future__ import annotations

from sim.charts.style import ACCENT, GREY, INK, PALE

QUIET = "#4B5563"
CARD = "#F3F5F8"
SEEN = "#7FA3C4"
GOOD = "#14532D"
BAD = "#7A2E0E"
WARN = "#FFF4E5"

STYLE = f"""<style>
/* Room: question, answer, figures and both charts fit on 1280 x 720. */
[data-testid="stMainBlockContainer"] {{ padding: 2.9rem 1.6rem 2rem; max-width: 1640px; }}
[data-testid="stHeader"] {{ height: 2.6rem; min-height: 0; border-bottom: 1px solid {PALE}; }}
.st-key-language {{ position: fixed; top: .1rem; right: 1.2rem; z-index: 1000000; width: auto; }}
.st-key-kind button, .st-key-kind button p {{ padding-left: .28rem; padding-right: .28rem; font-size: .78rem; }}
.st-key-progress-explore {{ position: fixed; right: 1.2rem; bottom: 2.1rem; z-index: 900; width: auto; padding: .15rem .5rem;
  background: white; border: 1px solid {PALE}; border-radius: 6px; box-shadow: 0 1px 6px rgba(0, 0, 0, .15); }}
[class*="st-key-progress-"] button {{ min-height: 1.9rem; padding: .1rem .6rem; }}
[class*="st-key-progress-"] button p {{ font-size: .85rem; }}
[class*="st-key-under-"] {{ flex-wrap: nowrap; }}
[class*="st-key-under-"] button {{ min-height: 1.3rem; padding: 0 .2rem; }}
[class*="st-key-under-"] button p {{ font-size: .8rem; white-space: nowrap; color: {ACCENT}; }}
.st-key-ideas [role="radiogroup"] {{ gap: .1rem; }}
.st-key-ideas label p {{ font-size: .88rem; line-height: 1.25; }}
[data-testid="stMain"] [data-testid="stVerticalBlock"] {{ gap: .5rem; }}
[data-testid="stBottomBlockContainer"] {{ padding: .3rem 1.6rem; max-width: 1640px; }}
[data-testid="stBottom"] {{ border-top: 1px solid {PALE}; }}
[data-testid="stSliderTickBar"] {{ display: none; }}
/* The part that scrolls can have the focus too, and must show it. */
[data-testid="stMain"]:focus-visible {{ outline: 3px solid {ACCENT}; outline-offset: -3px; }}
/* What is being drawn anew does not flash: only a result of other settings is grey. */
[data-stale="true"] {{ opacity: 1 !important; transition: none !important; }}

.ds-question {{ margin: 0; font-size: 1.5rem; font-weight: 700; line-height: 1.2; color: {INK}; }}
.ds-label {{ margin: .3rem 0 0; font-size: 1rem; font-weight: 700; color: {INK}; }}
.ds-group {{ margin: .2rem 0 0; font-size: .85rem; font-weight: 600; color: {QUIET}; }}
/* Streamlit says this in English; the box itself says it in Dutch. */
[data-testid="InputInstructions"] {{ display: none; }}
.ds-note {{ margin: 0; font-size: .8rem; line-height: 1.35; color: {QUIET}; }}
.ds-progress {{ margin: 0; padding-top: .35rem; font-size: .8rem; color: {QUIET}; }}
.ds-choice {{ margin: -.5rem 0 .3rem; font-size: .78rem; color: {QUIET}; }}
.ds-key i {{ display: inline-block; width: 1.3em; height: .75em; margin-right: .25em; border-radius: 2px; }}
.ds-status {{ display: inline-block; margin: .2rem 0 0; padding: .1rem .6rem; font-size: .88rem; color: {INK};
  background: #FFF7E6; border: 1px solid #D9A441; border-radius: 6px; }}
.ds-wait {{ display: grid; place-items: center; min-height: 20rem; text-align: center; color: {INK};
  border: 1px dashed {GREY}; border-radius: 6px; }}
.ds-answer {{ margin: 0; padding: 0 0 0 .8rem; font-size: 1.08rem; line-height: 1.35; color: {INK};
  border-left: 4px solid {ACCENT}; }}
.ds-answer small {{ display: block; margin-top: .15rem; font-size: .84rem; }}

.ds-figures {{ display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .6rem; }}
table.ds-card {{ width: 100%; table-layout: fixed; border-collapse: collapse; background: {CARD}; border-radius: 6px; }}
.ds-card caption {{ padding: .3rem .6rem 0; text-align: left; font-size: .9rem; font-weight: 600; line-height: 1.25;
  color: {INK}; background: {CARD}; border-radius: 6px 6px 0 0; }}
.ds-card caption small {{ font-size: .74rem; font-weight: 400; color: {QUIET}; }}
.ds-card th {{ padding: .15rem .3rem 0 .6rem; text-align: left; vertical-align: bottom; font-size: .76rem; font-weight: 400;
  line-height: 1.2; color: {QUIET}; }}
.ds-card th small {{ display: block; font-size: .74rem; }}
.ds-card td {{ padding: 0 .3rem .35rem .6rem; vertical-align: top; line-height: 1.2; }}
.ds-card td b {{ display: block; font-size: 1.3rem; line-height: 1.2; font-variant-numeric: tabular-nums; color: {INK}; }}
.ds-card td small {{ display: block; font-size: .76rem; color: {QUIET}; }}
.ds-card td em {{ display: block; font-size: .76rem; font-style: normal; color: {ACCENT}; }}
a.ds-quiet {{ color: inherit !important; text-decoration: underline dotted; text-underline-offset: .2em; }}
a.ds-quiet:hover {{ color: {ACCENT} !important; }}
.ds-backed {{ margin: 0; font-size: .85rem; line-height: 1.35; color: {INK}; }}
/* On a telephone the answer must not lie far below a long list. */
@media (max-width: 40rem) {{
  .st-key-ideas, [data-testid="stLayoutWrapper"]:has(> .st-key-ideas) {{
    height: 11rem !important; flex: 0 0 11rem !important; }}
  .st-key-actions [data-testid="stColumn"] {{ min-width: calc(50% - 1rem); }}
}}
@media (max-width: 60rem) {{ .ds-figures {{ grid-template-columns: 1fr; }} }}

/* The page of the credibility report. */
.ds-cards {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(10.4rem, 1fr)); gap: .55rem;
  margin: .5rem 0 !important; padding: 0 !important; list-style: none; }}
.ds-cards li {{ display: flex; flex-direction: column; margin: 0 !important; padding: .5rem .7rem .6rem; font-size: .86rem;
  line-height: 1.35; background: {CARD}; border-radius: 6px; border-top: 4px solid {QUIET}; }}
.ds-cards li.good {{ border-top-color: {GOOD}; }}
.ds-cards li.bad {{ border-top-color: {BAD}; }}
.ds-cards b {{ font-size: 1.5rem; line-height: 1.25; white-space: nowrap; color: {INK}; }}
.ds-cards strong {{ margin-bottom: .3rem; font-weight: 600; line-height: 1.25; }}
.ds-tag {{ font-size: .76rem; font-weight: 700; color: {QUIET}; }}
.good > .ds-tag, .ds-notice.good b {{ color: {GOOD}; }}
.bad > .ds-tag, .ds-notice.bad b {{ color: {BAD}; }}
.ds-avoid {{ padding: .4rem .9rem .5rem; background: {WARN}; border-left: 4px solid {BAD}; }}
.ds-avoid ul {{ columns: 2; margin: .2rem 0 0 !important; }}
.ds-avoid li {{ font-size: .9rem; margin-top: 0; margin-bottom: 0; }}
.ds-report h3 {{ margin: 1rem 0 .3rem; padding: 0; font-size: 1rem; }}
.ds-report p, .ds-report li {{ font-size: .92rem; max-width: 80ch; }}
.ds-report .ds-scroll {{ margin: .6rem 0; }}
.ds-notice {{ padding: .3rem .7rem; background: {CARD}; border-left: 4px solid {QUIET}; }}
.ds-notice.bad {{ background: {WARN}; border-color: {BAD}; }}
.ds-notice.good {{ border-color: {GOOD}; }}
@media (max-width: 45rem) {{ .ds-avoid ul {{ columns: 1; }} }}
.ds-report img {{ display: block; width: 100%; max-width: 900px; margin: .6rem 0; }}

.ds-scroll {{ overflow: auto; border: 1px solid {PALE}; border-radius: 6px; }}
.ds-scroll.ds-long {{ max-height: 34rem; }}
.ds-scroll:focus-visible {{ outline: 3px solid {ACCENT}; }}
table.ds {{ width: 100%; border-collapse: collapse; font-size: .88rem; }}
table.ds caption {{ padding: .5rem .7rem; text-align: left; color: {QUIET}; }}
table.ds th, table.ds td {{ padding: .4rem .7rem; text-align: left; vertical-align: top;
  border-top: 1px solid {PALE}; }}
table.ds thead th {{ position: sticky; top: 0; z-index: 1; font-weight: 600; background: {CARD}; }}
table.ds tbody th {{ font-weight: 400; }}
table.ds tbody th:has(code) {{ min-width: 9.5rem; }}
table.ds tbody th code {{ font-size: .8rem; overflow-wrap: anywhere; }}
table.ds td b {{ font-variant-numeric: tabular-nums; }}
table.ds td small {{ display: block; color: {QUIET}; }}
table.ds td em {{ display: block; font-size: .82rem; font-style: normal; color: {ACCENT}; }}

/* The scale under a slider: its ends, a tick at today's value, and the part that was seen before. */
.ds-scale {{ position: relative; margin: -.85rem .45rem .3rem; padding-top: .5rem; font-size: .76rem;
  line-height: 1.3; color: {QUIET}; }}
.ds-scale > div {{ position: absolute; top: 0; width: 100%; height: .3rem; border-radius: 2px;
  background: {PALE}; }}
.ds-scale > div + div {{ background: {SEEN}; }}
.ds-scale > i {{ position: absolute; top: -.2rem; width: 2px; height: .7rem; background: {INK}; }}
.ds-scale > span {{ display: block; }}
.ds-scale > .ds-ends {{ display: flex; justify-content: space-between; }}
</style>"""


def stale(key: str) -> str:
    """Makes one answer grey: it belongs to other settings than those on screen."""
    return f"<style>.st-key-answer-{key} {{ opacity: .38; filter: grayscale(1); }}</style>"
