"""Many runs: replicate, compare, keep. `run` gives results; `compare` says what differs, and how surely."""

from sim.study.compare import Comparison, Outcome, compare
from sim.study.results import Results, Series
from sim.study.runs import Progress, Study, StudyError, plan, run, stream

__all__ = [
    "Comparison",
    "Outcome",
    "Progress",
    "Results",
    "Series",
    "Study",
    "StudyError",
    "compare",
    "plan",
    "run",
    "stream",
]
