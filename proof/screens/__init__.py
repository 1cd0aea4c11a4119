"""The dashboard in a real browser: a server of its own, a visitor, what every screen must keep to, and ways through it."""
