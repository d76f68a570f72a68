"""The stats in numbers, for a program."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from interview.practice.insight.stats import Stats
from interview.practice.insight.today import Share


def as_json(stats: Stats, deck: str | None, share: Share) -> dict[str, Any]:
    return {
        "schema": 1,
        "deck": deck,
        "today": stats.today.isoformat(),
        "due": share.due,
        "new": share.new,
        "reviews": stats.reviews,
        "seconds": round(stats.seconds, 1),
        "streak": stats.streak,
        "days": {day.isoformat(): count for day, count in sorted(stats.days.items())},
        "forecast": list(stats.forecast),
        "retention": [
            {"days": each.days, "reviews": each.reviews, "true": short(each.true), "predicted": short(each.predicted)}
            for each in stats.retention
        ],
        "weeks": [short(share) for share in stats.weeks],
        "calibration": {
            each.confidence.value: {"right": each.right, "total": each.total, "wrong": list(each.wrong)}
            for each in stats.calibration
        },
        "decks": [
            {
                "id": each.id,
                "cards": each.cards,
                "seen": each.seen,
                "due": each.due,
                "recall": short(each.recall),
                "retention": short(each.retention),
                "lapses": each.lapses,
            }
            for each in stats.decks
        ],
        "weakest": [{**asdict(topic), "recall": short(topic.recall)} for topic in stats.weak],
        "katas": [
            {"id": each.id, "status": each.status, "passes": list(each.passes), "last": each.last.isoformat()}
            for each in stats.katas
        ],
    }


def short(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
