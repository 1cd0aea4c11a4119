"""Calibration: what the data say about at most ten named numbers of a region, and what they cannot say.

`prior` (which numbers, and their graded ranges) and `targets` (which facts) are what goes in; `summaries` is what a run says
about the facts; `points` keeps what was run. Three steps: `moments` (near), `waves` (rule out, with an `emulator`),
`posterior` (how likely is what is left). `findings` names what cannot be told; `calibrate` does it all in order.
"""
