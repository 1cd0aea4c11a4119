"""The pages of the dashboard and the way from one to the other. Streamlit runs this file anew at every click."""

from __future__ import annotations

import streamlit as st

from sim.app import texts
from sim.app.look import STYLE

st.set_page_config(page_title=texts.PAGE_TITLE, layout="wide", initial_sidebar_state=330)
st.html(STYLE)
st.navigation(
    [
        st.Page("page.py", title=texts.EXPLORE, default=True),
        st.Page("trust.py", title=texts.TRUST, url_path=texts.TRUST_ADDRESS),
    ]
).run()
