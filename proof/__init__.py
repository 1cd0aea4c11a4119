"""Proof that the engine does what theory says: parts at full size, tables with a manifest to `docs/proof/`.

`python -m proof` runs what is missing or out of date; `python -m proof theory keyed` runs these parts. The
thin versions in `tests/` use the same cases with fewer replications. Only toy regions (`scenarios/toy`) are
used, read by the same loader as every other region; a variant is the same file with other numbers.
"""
