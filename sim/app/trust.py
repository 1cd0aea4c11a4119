"""The page "Waarom kunt u dit vertrouwen?": the short answer of the credibility report, and all of it below."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import streamlit as st

from sim.app import blocks, markup, texts
from sim.app.server import shop
from sim.report.content import Content, Lang
from sim.report.credibility import credibility
from sim.report.files import proof_folder
from sim.report.html import html
from sim.scenario.errors import ScenarioError


def main() -> None:
    """Draw the page."""
    with st.sidebar:
        lang: Lang = "en" if st.toggle(texts.ENGLISH, help=texts.ENGLISH_HELP, key="english") else "nl"
    try:
        content, page = report(lang)
    except ScenarioError as error:
        st.error(texts.TRUST_BROKEN)
        st.html(markup.bullets("", [str(problem) for problem in error.problems]))
        return
    with st.sidebar:
        st.download_button(
            texts.TRUST_SAVE[lang], page, texts.TRUST_FILE.format(name=texts.TRUST_ADDRESS, language=lang),
            "text/html", on_click="ignore", width="stretch",
        )  # fmt: skip
        st.html(markup.note(texts.TRUST_SAVE_HELP[lang], content.made))
    st.html(blocks.short(content))
    st.html(blocks.heading(texts.TRUST_MORE[lang], lang))
    for section in content.sections:
        with st.expander(section.title):
            st.html(blocks.section(section, lang))


@st.cache_resource(show_spinner=False)
def report(lang: Lang) -> tuple[Content, str]:
    """The report and its HTML, made once: what is on screen does not change under a presenter's hands.

    Raises:
        ScenarioError: A proof table cannot be read.
    """
    environment = os.environ
    scenarios = environment.get("DOORSTROOM_SCENARIOS")
    folder = Path(environment.get("DOORSTROOM_PROOF") or proof_folder())
    found = credibility(shop().baseline, folder, lang, date.today(), Path(scenarios) if scenarios else None)
    return found, html(found)


main()
