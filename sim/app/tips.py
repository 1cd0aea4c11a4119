"""Keeps the explanation of a word inside the window, and takes it away with Escape (`terms.py` makes the explanation).

A few lines of script in the page itself. Without it all else still works: the style alone shows and hides.
"""

from __future__ import annotations

import streamlit as st

_tips = st.components.v2.component(
    "doorstroom_tips",
    js="""export default function() {
      if (window.doorstroomTips) return;
      window.doorstroomTips = true;
      const root = document.documentElement;
      const show = (event) => {
        const term = event.target.closest && event.target.closest(".ds-term");
        if (!term) return;
        root.classList.remove("ds-no-tips");
        const box = term.getBoundingClientRect();
        term.style.setProperty("--ds-shift", "0px");
        const over = box.left + term.querySelector(".ds-tip").offsetWidth + 12 - root.clientWidth;
        if (over > 0) term.style.setProperty("--ds-shift", `${-Math.min(over, box.left - 8)}px`);
      };
      document.addEventListener("mouseover", show);
      document.addEventListener("focusin", show);
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape") root.classList.add("ds-no-tips");
      });
    }""",
)


def tips() -> None:
    """Put the script in the page."""
    _tips(key="tips", height=0)
