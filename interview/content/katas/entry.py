"""The kata's entry in what shows all of them: no code of it, nor its mistakes, which are most of its file."""

from __future__ import annotations

from dataclasses import fields

from interview.content.katas.kata import Check, Kata
from interview.dataclass import dataclass
from interview.text import Text


@dataclass(frozen=True, slots=True)
class KataEntry:
    """Each field is a kata's of that name."""

    id: str
    title: Text
    level: int
    minutes: int
    provides: tuple[str, ...]
    prompt: Text
    checks: tuple[Check, ...]
    needs: tuple[str, ...]


def entry_of(kata: Kata) -> KataEntry:
    return KataEntry(*(getattr(kata, each.name) for each in fields(KataEntry)))
