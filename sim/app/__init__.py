"""The dashboard: Streamlit pages. All Dutch words stand in `texts.py`; no page or thread simulates."""
