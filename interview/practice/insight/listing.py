"""The listing: decks and katas with what the history says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from interview.content.cards.deck import Card, Deck
from interview.content.katas.entry import KataEntry
from interview.content.reading.need import Step
from interview.dataclass import dataclass
from interview.drill.day import Limits, day_of
from interview.drill.hand import Hand, KataStatus, Task, minutes_wanted, status_of
from interview.drill.plan import Goal, aim_kata
from interview.log.record import Memory
from interview.practice.insight.unlocked import Standing
from interview.text import Text

EXACT = ("tag:", "deck:")


@dataclass(frozen=True, slots=True)
class DeckLine:
    """`cards` are those that were asked for: all, or what a query finds. New cards are not due."""

    id: str
    title: Text
    cards: tuple[Card, ...]
    new: int
    due: int


@dataclass(frozen=True, slots=True)
class KataLine:
    """`status`: new, tried, passed, or due. `minutes` are this person's, where they are known.

    `task` is what a day's work takes it for; its memory's due day is the day that it comes back. `needs` are as
    kata.yaml writes them; `locked` is what it still waits for, see `insight.unlocked`.
    """

    id: str
    title: Text
    level: int
    minutes: int
    status: KataStatus
    task: Task
    needs: tuple[str, ...] = ()
    locked: tuple[Step, ...] = ()


def list_decks(
    decks: Iterable[Deck],
    memories: Mapping[str, Memory],
    today: date,
    query: str = "",
    wanted: Callable[[Memory | None], bool] = lambda _: True,
) -> list[DeckLine]:
    lines = []
    for deck in decks:
        cards = tuple(card for card in find_cards(deck, query) if wanted(memories.get(card.name)))
        if cards:
            count = day_of(cards, memories, today, Limits())
            lines.append(DeckLine(deck.id, deck.title, cards, len(count.fresh), len(count.due)))
    return lines


def find_cards(deck: Deck, query: str) -> list[Card]:
    """The cards that the query finds: `tag:` and `deck:` are exact, any other word stands somewhere in what is said."""
    exact = [word.split(":", 1) for word in query.casefold().split() if word.startswith(EXACT)]
    rest = " ".join(word for word in query.split() if not word.casefold().startswith(EXACT))
    tags = {name for key, name in exact if key == "tag"}
    if any(key == "deck" and name != deck.id.casefold() for key, name in exact):
        return []
    named = contains(rest, deck.id, both(deck.title))
    return [
        card
        for card in deck.cards
        if tags <= {tag.casefold() for tag in card.tags} and (named or contains(rest, *said(card)))
    ]


def list_katas(
    katas: Iterable[KataEntry], hands: Mapping[str, Hand], today: date, query: str = "", *, goal: Goal | None = None,
    stands: Standing | None = None,
) -> list[KataLine]:  # fmt: skip
    """Those that the query finds. With a `goal` their due days are drawn in, as cards' are; `stands` tells what is
    locked.
    """
    return [
        kata_line(kata, hands.get(kata.id) or Hand(Memory(kata.id)), today, goal, stands)
        for kata in katas
        if contains(query, kata.id, both(kata.title), both(kata.prompt), *kata.provides)
    ]


def kata_line(kata: KataEntry, hand: Hand, today: date, goal: Goal | None, stands: Standing | None) -> KataLine:
    if goal:
        hand = replace(hand, memory=aim_kata(hand.memory, goal))
    minutes, status = minutes_wanted(hand, kata.minutes), status_of(hand, today)
    called = bool(hand.known) and hand.failing
    task = Task(kata.id, 60.0 * minutes, hand.memory, done=status in ("passed", "due"), called=called)
    locked = stands.lacks("kata", kata.needs) if stands else ()
    return KataLine(kata.id, kata.title, kata.level, minutes, status, task, kata.needs, locked)


def contains(query: str, *texts: str) -> bool:
    """Every word of the query stands somewhere in the texts, whatever its case."""
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in query.casefold().split())


def both(text: Text | None) -> str:
    return f"{text.en}\n{text.zh}" if text else ""


def said(card: Card) -> list[str]:
    """What a query may find a card by."""
    texts = (card.ask, *card.asks, card.reason, card.model_answer, *(point.text for point in card.rubric))
    return [card.name, *card.tags, *card.origin, *card.refs, card.kind, *map(both, texts)]
