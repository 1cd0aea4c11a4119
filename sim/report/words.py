"""Words around the content that every form of a report uses."""

from __future__ import annotations

from sim.report.content import Lang, Tongue


def words(lang: Lang) -> dict[str, str]:
    """The words of one language; `good`, `bad` and `note` say aloud what a colour says."""
    t = Tongue(lang)
    return {
        "skip": t("Naar de inhoud", "Skip to the content"),
        "answer": t("Het korte antwoord", "The short answer"),
        "avoid": t("Gebruik dit model niet", "Do not use this model"),
        "contents": t("Inhoud", "Contents"),
        "again": t("Opnieuw:", "Again:"),
        "rows": t("regels", "rows"),
        "good": t("goed", "good"),
        "bad": t("let op", "mind this"),
        "note": t("uitleg", "note"),
        "project": "Doorstroom",
    }
