"""The page Verken: choose an idea, read the answer, turn a knob."""
