"""The dashboard's door: `doorstroom dashboard`, or `streamlit run dashboard.py`. All else is in `sim/app`."""

from pathlib import Path

from streamlit import App

import sim.app
from sim.app.server import MIDDLEWARE, on_error, warm

app = App(
    Path(sim.app.__file__).with_name("pages.py"),
    lifespan=warm,
    middleware=MIDDLEWARE,
    on_script_error=on_error,
)
