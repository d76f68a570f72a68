"""The copies of attempts: what is kept of each file that was checked or put aside, and what can be said of it."""

from __future__ import annotations

import re
from enum import Enum, auto
from pathlib import Path

from interview.content.katas.kata import Kata
from interview.content.reading.source import digest, read_regular
from interview.dataclass import dataclass
from interview.drill.attempts import Kept
from interview.practice.kata.workspace import attempts_folder
from interview.text import Text

MOST = 2 << 20  # bytes of a copy that are read
HOLE, BRACES = re.compile(r"\{\{|\}\}|\{[^{}]*\}"), {"{{": "{", "}}": "}"}


def mistake_of(kata: Kata, kept: Kept) -> Text | None:
    """The sentence of the mistake that was named, without what was measured then: that is kept nowhere."""
    name = kept.last.mistake if kept.last else None
    if name is None:
        return None
    said = next((each.text for each in kata.mistakes if each.id == name), Text(name, name))
    return Text(*(HOLE.sub(lambda hole: BRACES.get(hole[0], "…"), each) for each in (said.en, said.zh)))


class State(Enum):
    """Of a copy: as it was judged, not so any more, or not to be had."""

    WHOLE = auto()
    CHANGED = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class Copy:
    """What is kept of an attempt. `path` is where it belongs, wherever the folder has moved."""

    path: Path
    state: State
    source: str = ""


def copy_of(home: Path, kept: Kept) -> Copy:
    name = Path(kept.copy).name if kept.copy else f"{kept.at:%Y%m%d-%H%M%S}-{kept.sha256[:12]}.py"
    path = attempts_folder(home, kept.kata) / name
    try:
        data = read_regular(path, MOST)
        source = None if data is None or len(data) > MOST else data.decode()
    except (OSError, UnicodeDecodeError):
        source = None
    if source is None:
        return Copy(path, State.MISSING if not path.exists() else State.CHANGED)
    return Copy(path, State.WHOLE if digest(source) == kept.sha256 else State.CHANGED, source)


def difference(before: str, after: str) -> list[str]:
    """What changed in the file, as the lines of a unified diff without its head."""
    import difflib

    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[2:]
