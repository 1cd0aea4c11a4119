"""Options that several commands have: one name, one meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Language = Literal["nl", "en"]
Lang = Annotated[Language, typer.Option("--lang", help="Language of what is printed.")]
Root = Annotated[Path | None, typer.Option("--root", help="Folder with the regions (default: scenarios/).")]
Jobs = Annotated[int | None, typer.Option("--jobs", min=1, help="Worker processes. Default: one per core.")]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        min=0,
        max=2**31 - 1,
        help="Master seed: the same seed gives the same children and the same answer.",
    ),
]
Kept = Annotated[
    Path | None,
    typer.Option("--store", help="Folder where every replication is kept. Default: results/store."),
]
