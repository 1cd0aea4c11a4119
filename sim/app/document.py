"""What Streamlit does not say of a page: its language and title, and a button that copies its address.

Both are a few lines of script in the page itself; nothing is loaded from elsewhere.
"""

from __future__ import annotations

import streamlit as st

from sim.app.language import Lang, words

T = words("explore")

_document = st.components.v2.component(
    "doorstroom_document",
    js="""export default function({ data }) {
      document.documentElement.lang = data.lang;
      document.title = data.title;
    }""",
)

_copy = st.components.v2.component(
    "doorstroom_copy",
    html='<button type="button"></button><span role="status" aria-live="polite"></span>',
    css="""
      button { width: 100%; min-height: 2.5rem; padding: .2rem .5rem; font: inherit; font-size: .875rem; cursor: pointer;
        color: var(--st-text-color); background: var(--st-background-color);
        border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); }
      button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
      button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
      span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    """,
    js="""export default function({ parentElement, data }) {
      const button = parentElement.querySelector('button'), said = parentElement.querySelector('span');
      button.textContent = data.copy;
      const tell = (text) => { button.textContent = text; said.textContent = text;
        setTimeout(() => { button.textContent = data.copy; said.textContent = ''; }, 2500); };
      button.onclick = async () => {
        try { await navigator.clipboard.writeText(window.location.href); tell(data.copied); }
        catch { tell(data.failed); }
      };
    }""",
)


def document(lang: Lang, title: str) -> None:
    """Set the language and the title of the page, for screen readers and tabs."""
    _document(key="document", data={"lang": lang, "title": title}, height=0)


def copy_link() -> None:
    """A button that copies the address of what is on screen."""
    _copy(key="copy", data={"copy": T.COPY, "copied": T.COPIED, "failed": T.COPY_FAILED})
