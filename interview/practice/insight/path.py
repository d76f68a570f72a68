"""The path: every kata and deck below what it needs, what has been done of it, and how far each topic has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from interview.content.cards.deck import Deck
from interview.content.reading.need import Step, meant
from interview.content.roles import Role
from interview.dataclass import dataclass
from interview.drill.day import Limits, day_of
from interview.log.record import Memory, Rating
from interview.practice.insight.listing import KataLine
from interview.practice.insight.today import next_kata
from interview.practice.insight.unlocked import Standing
from interview.text import Text


class State(StrEnum):
    """How a step stands: a kata is passed, or due again, or neither; a deck is known or not."""

    PASSED = "passed"
    KNOWN = "known"
    DUE = "due"
    TRIED = "tried"
    UNLOCKED = "unlocked"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Place:
    """A step where it stands in the tree, `depth` needs below the ground.

    `needs` are those installed, `lacks` the ones of them that are not met, `absent` what is named and not installed.
    `met` is what it is to others: a kata that is due may have been passed before, or given up. `due` are a deck's cards
    that are; `level` and `minutes` are a kata's.
    """

    step: Step
    title: Text
    state: State
    depth: int
    needs: tuple[Step, ...]
    lacks: tuple[Step, ...]
    absent: tuple[str, ...]
    met: bool = False
    due: int = 0
    level: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A topic, which is a deck's: of its cards those whose last rating is no Again, and the highest level of one."""

    deck: str
    right: int
    total: int
    level: int | None


@dataclass(frozen=True, slots=True)
class Path:
    """The places in the order that they are drawn in; `next` is the kata to write now."""

    places: tuple[Place, ...]
    topics: tuple[Progress, ...]
    next: KataLine | None


def look_along(
    decks: Sequence[Deck], katas: Sequence[KataLine], memories: Mapping[str, Memory], stands: Standing, today: date
) -> Path:
    """`memories` have their due days as the quiz takes them."""
    found = [kata_place(kata, stands) for kata in katas]
    found += [deck_place(deck, memories, stands, today) for deck in decks]
    return Path(laid_out(found), tuple(progress(deck, memories) for deck in decks), next_kata(katas, today))


def kata_place(kata: KataLine, stands: Standing) -> Place:
    step = Step("kata", kata.id)
    needs, absent = told(step, kata.needs, stands)
    fresh = State.LOCKED if kata.locked else State.UNLOCKED
    return Place(
        step=step,
        title=kata.title,
        state=fresh if kata.status == "new" else State(kata.status),
        depth=0,
        needs=needs,
        lacks=kata.locked,
        absent=absent,
        met=step in stands.met,
        level=kata.level,
        minutes=kata.minutes,
    )


def deck_place(deck: Deck, memories: Mapping[str, Memory], stands: Standing, today: date) -> Place:
    step, lacks = Step("deck", deck.id), stands.lacks("deck", deck.needs)
    needs, absent = told(step, deck.needs, stands)
    met = step in stands.met
    return Place(
        step=step,
        title=deck.title,
        state=State.KNOWN if met else State.LOCKED if lacks else State.UNLOCKED,
        depth=0,
        needs=needs,
        lacks=lacks,
        absent=absent,
        met=met,
        due=len(day_of(deck.cards, memories, today, Limits()).due),
    )


def told(step: Step, needs: Sequence[str], stands: Standing) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """The needs that are installed, each once and never the step itself, and those that are not."""
    found = {need: meant(need, step.kind, stands.steps) for need in needs}
    there = dict.fromkeys(each for each in found.values() if each is not None and each != step)
    return tuple(there), tuple(need for need, each in found.items() if each is None)


def laid_out(places: Sequence[Place]) -> tuple[Place, ...]:
    """Each once, below the one of its needs that lies deepest: the easiest first, and what waits for itself on the
    ground.
    """
    by_step = {each.step: each for each in sorted(places, key=rank)}
    depths = depths_of({step: each.needs for step, each in by_step.items()})
    below: dict[Step | None, list[Step]] = {}
    for step, each in by_step.items():
        above = max((need for need in each.needs if depths[need] < depths[step]), key=depths.__getitem__, default=None)
        below.setdefault(above, []).append(step)
    laid: list[Place] = []
    ahead = [(step, 0) for step in reversed(below.get(None, []))]
    while ahead:
        step, depth = ahead.pop()
        laid.append(replace(by_step[step], depth=depth))
        ahead += [(each, depth + 1) for each in reversed(below.get(step, []))]
    return tuple(laid)


def first_step(path: Path, role: Role | None) -> tuple[Step | None, str | None]:
    """Where a beginner's way begins, and the topic that it leads to where a role asks most of one: that deck, or what
    it waits for; else the largest deck that is unlocked, or the first kata.
    """
    places = {each.step: each for each in path.places}
    weights = sorted(role.weights if role else (), key=lambda each: -each.weight)
    topic = next((each.topic for each in weights if Step("deck", each.topic) in places), None)
    if topic is None:
        open_ = [each.step for each in path.places if each.state is State.UNLOCKED]
        sizes = {Step("deck", each.deck): each.total for each in path.topics}
        largest = max(
            (each for each in open_ if each.kind == "deck"), key=lambda each: sizes.get(each, 0), default=None
        )
        return largest or next(iter(open_), None), None
    step, seen = Step("deck", topic), set[Step]()
    while step not in seen and places[step].lacks:
        seen.add(step)
        step = places[step].lacks[0]
    return step, topic


def rank(place: Place) -> tuple[bool, int, int, str]:
    """Katas before decks, the easiest first."""
    return place.step.kind == "deck", place.level or 0, place.minutes or 0, place.step.name


def depths_of(needs: Mapping[Step, Sequence[Step]]) -> dict[Step, int]:
    """How many needs lie one below the other under each; what is part of a circle, or above one, is left on the
    ground as far as it cannot be told.
    """
    depths: dict[Step, int] = {}
    rest = dict(needs)
    while rest:
        ready = {step: of for step, of in rest.items() if all(each in depths for each in of)}
        if not ready:
            return depths | dict.fromkeys(rest, 0)
        depths |= {step: max((depths[each] + 1 for each in of), default=0) for step, of in ready.items()}
        rest = {step: of for step, of in rest.items() if step not in ready}
    return depths


def progress(deck: Deck, memories: Mapping[str, Memory]) -> Progress:
    right = [card for card in deck.cards if is_right(memories.get(card.name))]
    return Progress(
        deck.id, len(right), len(deck.cards), max((card.level for card in right if card.level), default=None)
    )


def is_right(memory: Memory | None) -> bool:
    return memory is not None and memory.rating is not None and memory.rating > Rating.AGAIN
