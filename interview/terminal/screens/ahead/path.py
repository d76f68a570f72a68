"""The path on a screen: a tree of katas and decks, each below what it needs, and a bar a topic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.console import Group
from rich.text import Text

from interview.practice.insight.path import Path, Place, Progress, State
from interview.terminal.screens.words import PathWords
from interview.terminal.text.chart import ACCENT, GAP, bar, columns, heading
from interview.terminal.text.wrap import wrap
from interview.text import LIST

MARKS: Mapping[State, tuple[str, str]] = {
    State.PASSED: ("●", "green"),
    State.KNOWN: ("●", "green"),
    State.DUE: ("◐", "yellow"),
    State.TRIED: ("◐", ""),
    State.UNLOCKED: ("○", ACCENT),
    State.LOCKED: ("·", "dim"),
}
DEEP = 4  # steps that are drawn one below the other; deeper ones stay there
BAR, SHORT_BAR = 20, 5  # cells
WIDE = 64  # columns from which bars are long


def render(path: Path, *, lang: str, width: int) -> Group:
    if not path.places:
        return Group(*heading(PathWords.empty.say(lang), width=width))
    lines = [*heading(PathWords.title.say(lang), counts(path, lang), width=width), Text()]
    lines += tree(path.places, lang, width)
    if path.topics:
        lines += [Text(), *heading(PathWords.topics.say(lang), PathWords.topics_sum.say(lang), width=width)]
        size = BAR if width >= WIDE else SHORT_BAR
        lines += columns([topic(each, lang, size) for each in path.topics], width, right=frozenset((1,)))
    lines += [Text(), *wrap(Text(ending(path, lang), "dim"), width, first=" ", rest=" ")]
    return Group(*lines)


def counts(path: Path, lang: str) -> str:
    said = []
    for kind, words in (("kata", PathWords.passed), ("deck", PathWords.known)):
        met = [each.met for each in path.places if each.step.kind == kind]
        said.append(words.say(lang, n=sum(met), total=len(met)))
    return " · ".join(said)


def tree(places: Sequence[Place], lang: str, width: int) -> list[Text]:
    """Each step with how it stands in a column of its own; where it is too narrow, below."""
    leads = list(guides([min(each.depth, DEEP) for each in places]))
    names = [f"{lead}{MARKS[each.state][0]} {each.step.name}" for (lead, _), each in zip(leads, places, strict=True)]
    reach = min(max(map(cell_len, names)), width // 2)
    lines: list[Text] = []
    for name, (lead, under), place in zip(names, leads, places, strict=True):
        said, style = standing(place, lang), MARKS[place.state][1]
        shown = Text.assemble((f" {lead}", "dim"), (name[len(lead) :], style))
        if cell_len(name) <= reach and 1 + reach + GAP + cell_len(said) <= width:
            said += title(place, lang, room=width - 1 - reach - GAP - cell_len(said))
            lines.append(Text.assemble(shown, " " * (reach - cell_len(name) + GAP), (said, "dim")))
        else:
            rest = f" {under}    "
            lines += wrap(Text(name[len(lead) :], style), width, first=f" {lead}", rest=f" {under}  ")
            lines += wrap(Text(said, "dim"), width, first=rest, rest=rest)
    return lines


def guides(depths: Sequence[int]) -> Iterator[tuple[str, str]]:
    """What stands before each step, and before what is said below it."""
    for n, depth in enumerate(depths):
        after = depths[n + 1 :]
        open_ = [goes_on(after, level) for level in range(1, depth + 1)]
        stems = "".join("│  " if each else "   " for each in open_[:-1])
        here = "" if not depth else stems + ("├─ " if open_[-1] else "└─ ")
        below = "" if not depth else stems + ("│  " if open_[-1] else "   ")
        yield here, below + ("│ " if after and after[0] > depth else "  ")


def goes_on(after: Sequence[int], level: int) -> bool:
    """Is there one more of this level before the tree comes back above it?"""
    return next((depth == level for depth in after if depth <= level), False)


def standing(place: Place, lang: str) -> str:
    said = [PathWords.deck.say(lang)] if place.step.kind == "deck" else []
    if place.state is State.LOCKED:
        said.append(PathWords.after.say(lang, names=LIST.say(lang).join(each.name for each in place.lacks)))
    else:
        said.append(PathWords.state[place.state].say(lang))
    if place.state in (State.UNLOCKED, State.TRIED, State.DUE) and place.minutes:
        said.append(PathWords.minutes.say(lang, n=place.minutes))
    if place.due:
        said.append(PathWords.n_due.say(lang, n=place.due))
    if place.absent:
        said.append(PathWords.absent.say(lang, names=LIST.say(lang).join(place.absent)))
    return " · ".join(said)


def title(place: Place, lang: str, *, room: int) -> str:
    """Behind the rest, where there is room for all of it."""
    said = f"  {place.title.say(lang)}"
    return said if cell_len(said) <= room else ""


def topic(each: Progress, lang: str, size: int) -> list[Text | str]:
    drawn = bar(each.right, each.total, size)
    level = PathWords.level.say(lang, level=each.level) if each.level else ""
    return [
        each.deck, PathWords.of.say(lang, right=each.right, total=each.total),
        Text.assemble((drawn, "green"), ("·" * (size - cell_len(drawn)), "dim")), Text(level, "dim"),
    ]  # fmt: skip


def ending(path: Path, lang: str) -> str:
    locked = any(each.state is State.LOCKED for each in path.places)
    said = [PathWords.next.say(lang, kata=path.next.id)] if path.next else []
    return "\n".join([*said, *([PathWords.advice.say(lang)] if locked else [])])
