"""The needs of decks and katas: nothing unknown, nothing twice, not itself, and no circle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from interview.content.reading.field import Node
from interview.content.reading.need import KEY, Step, meant, parse_need
from interview.content.reading.problem import Problem
from interview.proof.decks.reading import hint
from interview.text import Text

Needs = Mapping[Step, Node]  # what a step needs, each with the place where it is written
SHOWN = 6  # steps of a circle
WHAT = {"kata": Text("kata", "手写题"), "deck": Text("deck", "题库")}


def check_needs(looked_at: Mapping[Step, Node], around: Callable[[Step], Node | None],
                known: frozenset[Step]) -> Iterator[Problem]:  # fmt: skip
    """`looked_at` are the files read, by their step; `around` gives the file of any other that is `known`."""
    for step, node in looked_at.items():
        yield from check_entries(step, node, known)
    told: set[frozenset[Step]] = set()

    @cache
    def needs_of(step: Step) -> Needs:
        node = looked_at[step] if step in looked_at else around(step)
        return {} if node is None else needs_in(step, node, known)

    for step in looked_at:
        for first, at in needs_of(step).items():
            circle = way(first, step, needs_of)
            if circle and frozenset(circle) not in told:
                told.add(frozenset(circle))
                names = " → ".join(map(str, shortened([step, *circle])))
                yield complaint(at, f"{names}: each waits for the other; take one of these needs out",
                                f"{names}：互相等待；请去掉其中一项")  # fmt: skip


def check_entries(step: Step, node: Node, known: frozenset[Step]) -> Iterator[Problem]:
    lines: dict[Step, int] = {}
    for entry, said in entries(node):
        found = meant(said, step.kind, known)
        if found is None:
            near = hint(said.rpartition(":")[2], {each.name for each in known if each != step})
            yield complaint(entry, f"there is no deck and no kata `{said}`{near.en}",
                            f"没有叫 `{said}` 的题库或手写题{near.zh}")  # fmt: skip
        elif found == step:
            other = Step("deck" if step.kind == "kata" else "kata", step.name)
            en, zh = "", ""
            if other in known:
                en, zh = f"; the {other.kind} of that name is `{other}`", f"；同名的{WHAT[other.kind].zh}写作 `{other}`"
            yield complaint(entry, f"`{said}` is this {step.kind} itself; take it out{en}",
                            f"`{said}` 就是它自己；请去掉{zh}")  # fmt: skip
        elif found in lines:
            yield complaint(entry, f"`{said}` is needed twice (first in line {lines[found]}); keep one",
                            f"`{said}` 写了两次（第一次在第 {lines[found]} 行）；请只留一个")  # fmt: skip
        if found is not None:
            lines.setdefault(found, entry.line)


def entries(node: Node) -> Iterator[tuple[Node, str]]:
    """The entries that can be read, each with what it says; the reader of the file complains of the others."""
    field = node.get(KEY)
    for each in field.value if field is not None and isinstance(field.value, list) else ():
        quiet = Node(each.path, each.line, each.value, [], plain=each.plain)
        said = parse_need(quiet)
        if said and not quiet.problems:
            yield each, said


def needs_in(step: Step, node: Node, known: frozenset[Step]) -> Needs:
    found = ((meant(said, step.kind, known), entry) for entry, said in entries(node))
    return {each: entry for each, entry in found if each is not None and each != step}


def way(start: Step, end: Step, needs_of: Callable[[Step], Needs]) -> list[Step]:
    """The shortest way along needs, both ends with it; nothing where there is none."""
    came: dict[Step, Step | None] = {start: None}
    ahead = [start]
    for step in ahead:
        if step == end:
            found: list[Step] = [step]
            while (before := came[found[-1]]) is not None:
                found.append(before)
            return found[::-1]
        fresh = [each for each in needs_of(step) if each not in came]
        came |= dict.fromkeys(fresh, step)
        ahead += fresh
    return []


def shortened(circle: list[Step]) -> list[Step | str]:
    return [*circle] if len(circle) <= SHOWN else [*circle[: SHOWN - 2], "…", circle[-1]]


def complaint(at: Node, en: str, zh: str) -> Problem:
    return Problem(at.path, at.line, f"`{KEY}`: {en}", f"`{KEY}`：{zh}")
