"""The pages of the dashboard and the way from one to the other. Streamlit runs this file anew at every click."""

from __future__ import annotations

import streamlit as st

from sim.app import markup, session, terms
from sim.app.document import document
from sim.app.language import words
from sim.app.look import STYLE
from sim.app.scene import years_of
from sim.app.server import shop
from sim.app.tips import tips
from sim.scenario.errors import ScenarioError

S = words("shared")
# In the order of the menu; each page has a folder.
FILES = {
    "explore": "explore/page.py",
    "compare": "compare/page.py",
    "routes": "routes/page.py",
    "analyse": "analyse/page.py",
    "explain": "explain/page.py",
}


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title=S.PAGE_TITLE, layout="wide", initial_sidebar_state="collapsed")
    asked = session.begin()
    st.html(STYLE + terms.STYLE)
    terms.begin()
    page = st.navigation(
        [
            st.Page(file, title=S.PAGES[name], url_path=S.ADDRESSES.get(name), default=name == "explore")
            for name, file in FILES.items()
        ],
        position="top",
    )
    document(asked.lang, f"{page.title} – {S.NAME}")
    tips()
    try:
        version = shop().version
    except ScenarioError as error:
        st.error(S.NO_SCENARIOS)
        st.html(markup.bullets("", [str(problem) for problem in error.problems]))
        return
    session.write(version)
    with st.container(key="language"):
        other = "en" if asked.lang == "nl" else "nl"
        st.button(
            S.OTHER_LANGUAGE, type="tertiary", key="other-language", help=S.OTHER_LANGUAGE_HELP,
            on_click=session.switch, args=(other,),
        )  # fmt: skip
    if asked.version and asked.version != version:
        st.html(markup.banner(S.OLDER_LINK.format(version=asked.version, now=version)))
    if asked.broken or (asked.year and asked.year not in years_of(shop().baseline)):
        st.html(markup.banner(S.BROKEN_LINK))
    page.run()
    session.end()


main()
