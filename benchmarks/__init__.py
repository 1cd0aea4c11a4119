"""How long things take, beside what else could do the same work. Seconds are printed, never asserted."""
