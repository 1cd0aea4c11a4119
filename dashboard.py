"""The dashboard's door: `doorstroom dashboard`, or `streamlit run dashboard.py`. All else is in `sim/app`."""

from pathlib import Path

from streamlit import App

import sim.app
from sim.app.server import on_error, warm
from sim.app.settings import settings_or_stop
from sim.app.web import middleware

app = App(
    Path(sim.app.__file__).with_name("pages.py"),
    lifespan=warm,
    middleware=middleware(settings_or_stop()),
    on_script_error=on_error,
)
