"""`python -m sim.cli`: the same as `doorstroom`."""

from sim.cli import main

main()
