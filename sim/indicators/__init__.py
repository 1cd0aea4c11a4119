"""What it means: indicators as pure functions of the record.

`compute(record)` gives one tidy table; `INDICATORS` says exactly what each number counts; `present` rounds
for people.
"""

from sim.indicators.compute import compute
from sim.indicators.present import present, rounded
from sim.indicators.register import INDICATORS, UNITS, Indicator, Unit, Words

__all__ = ["INDICATORS", "UNITS", "Indicator", "Unit", "Words", "compute", "present", "rounded"]
