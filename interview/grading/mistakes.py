"""The known mistakes of a kata as a judge is told them: right answers, and how each mistake changes one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from interview.content.katas.kata import Kata, mistake_of
from interview.content.reading.problem import UnsoundError
from interview.content.reading.source import read_source
from interview.grading.agreed import digest
from interview.grading.messages.requests import KnownMistake, Mistakes, Way


def known_mistakes(kata: Kata) -> Mistakes | None:
    """None where nothing may be told: a pack's file is another one than was agreed to. A file that cannot be read is
    left out, which lint tells."""
    if kata.agreed is not None and not is_agreed(kata.agreed, (kata.folder / "kata.yaml",)):
        return None
    used = {variant.base for mistake in kata.mistakes for variant in mistake.variants} | {kata.reference.name}
    bases = sources(kata, (path for path in kata.accepted if path.name in used))
    files = sources(kata, kata.wrong_files)
    mistakes = tuple(
        KnownMistake(
            each.id,
            tuple(each.caught_by),
            tuple(Way(way.base, tuple((edit.old, edit.new) for edit in way.edits)) for way in each.variants),
            tuple(text for name, text in files.items() if mistake_of(Path(name)) == each.id),
        )
        for each in kata.mistakes
    )
    return Mistakes(tuple(bases.items()), mistakes) if bases else None


def sources(kata: Kata, paths: Iterable[Path]) -> dict[str, str]:
    found = {}
    for path in paths:
        try:
            found[path.name] = read_source(path)
        except UnsoundError:
            continue
        if kata.agreed is not None and not is_agreed(kata.agreed, (path,)):
            del found[path.name]
    return found


def is_agreed(agreed: Mapping[str, str], paths: Iterable[Path]) -> bool:
    """Are they now what the person agreed to run?"""
    try:
        return all(agreed.get(os.path.realpath(path)) == digest(path.read_bytes()) for path in paths)
    except OSError:
        return False
