"""The dashboard: Streamlit pages. All Dutch words stand in `texts.py`; nothing is simulated in a page or a thread."""
