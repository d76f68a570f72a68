"""The lock, `questions/ids.lock`: a line a published card, so that none vanishes or changes unseen.

A line is `deck/id rev fingerprint`; the fingerprint is of the right answer, not of its wording.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from interview.content.cards.deck import Card
from interview.content.reading.problem import Problem
from interview.content.reading.source import read_source
from interview.dataclass import dataclass
from interview.proof.decks.kinds import right

HEAD = "# Written by `interview lint --lock`: card, rev, fingerprint of the right answer. Lines are never removed.\n"


@dataclass(frozen=True, slots=True)
class Entry:
    rev: int
    fingerprint: str
    line: int


def load_lock(path: Path) -> tuple[dict[str, Entry], list[Problem]]:
    entries: dict[str, Entry] = {}
    problems = []
    for number, line in enumerate(read_source(path).splitlines(), 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if len(words) == 3 and words[1].isdecimal() and words[0] not in entries:
            entries[words[0]] = Entry(int(words[1]), words[2], number)
        else:
            problems.append(
                Problem(
                    path,
                    number,
                    "not `deck/id rev fingerprint`, once; take the line from git",
                    "不是 `deck/id rev fingerprint`，或重复了；请从 git 取回这一行",
                )
            )
    return entries, problems


def check_lock(
    cards: Mapping[str, tuple[Card, Path]], entries: Mapping[str, Entry], path: Path, *, decks: frozenset[str]
) -> Iterator[Problem]:
    """What the lock remembers of `decks` against what they hold now."""
    for name, entry in entries.items():
        if name.split("/")[0] in decks and name not in cards:
            yield Problem(
                path,
                entry.line,
                f"the card `{name}` is gone; ids are never removed or renamed: bring it back",
                f"卡片 `{name}` 不见了；编号不能删除也不能改名：请恢复",
            )
    for name, (card, file) in cards.items():
        known = entries.get(name)
        if known is None:
            yield Problem(
                file,
                card.line,
                f"`{card.id}`: not in {path.name} yet; run `interview lint --lock`",
                f"`{card.id}`：还不在 {path.name} 里；请运行 `interview lint --lock`",
            )
        elif card.rev < known.rev:
            yield Problem(
                file,
                card.line,
                f"`{card.id}`: rev {card.rev} is lower than the published {known.rev}; raise it",
                f"`{card.id}`：rev {card.rev} 低于已发布的 {known.rev}；请调高",
            )
        elif card.rev == known.rev and fingerprint(card) != known.fingerprint:
            rev = card.rev + 1
            yield Problem(
                file,
                card.line,
                f"`{card.id}`: the right answer changed; write `rev: {rev}`, then run `interview lint --lock`",
                f"`{card.id}`：正确答案变了；请写 `rev: {rev}`，再运行 `interview lint --lock`",
            )


def write_lock(path: Path, cards: Iterable[Card], entries: Mapping[str, Entry]) -> None:
    """New cards and higher revs are added; nothing else is touched, so a fault is not locked in."""
    lines = {name: f"{name} {entry.rev} {entry.fingerprint}" for name, entry in entries.items()}
    for card in cards:
        if card.name not in entries or card.rev > entries[card.name].rev:
            lines[card.name] = f"{card.name} {card.rev} {fingerprint(card)}"
    beside = path.with_suffix(".lock.new")
    beside.write_text(HEAD + "".join(f"{lines[name]}\n" for name in sorted(lines)), encoding="utf-8")
    beside.replace(path)


def fingerprint(card: Card) -> str:
    return hashlib.sha256("\n".join([card.kind, *right(card)]).encode()).hexdigest()[:16]
