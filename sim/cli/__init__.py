"""The command `doorstroom`: one file per group of commands. What a command does stands in `*_work`, loaded when asked for."""

from sim.cli.commands import main

__all__ = ["main"]
