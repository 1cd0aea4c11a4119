"""What happens: the discrete-event model of pupils, places, lists and decisions, on SimPy."""

from sim.model.engine import simulate

__all__ = ["simulate"]
