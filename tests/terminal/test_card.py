"""Every screen of every shipped card, in both languages: it fits, and what must be seen is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

import pytest
from rich.cells import cell_len

from interview.cli.world import shipped
from interview.content.cards.deck import Card, Choice, Numeric, Open, PredictOutput, SpotBug, TrueFalse
from interview.content.cards.references import load_references
from interview.content.shelf import Shelf
from interview.drill.answers import NO, YES, judge
from interview.drill.draw import draw
from interview.drill.numbers import right_value
from interview.drill.session import Left
from interview.log.record import Rating
from interview.terminal.quiz.context import Showing
from interview.terminal.quiz.model import TICKS, Asking, Mode, ask
from interview.terminal.quiz.update import press
from interview.terminal.quiz.view import view
from interview.terminal.tui.screen import FRESH, frame

DECKS = Shelf(None).decks([shipped()])[0]
CARDS = [card for deck in DECKS for card in deck.cards]
NOTES = {deck.id: deck.note for deck in DECKS}
REFERENCES = load_references(shipped() / "questions" / "references.yaml")
LONG = "一个很长的回答，" * 9 + "with_a_name_that_" * 12 + " and words " * 7
DAYS = {Rating.AGAIN: 0, Rating.HARD: 59, Rating.GOOD: 300, Rating.EASY: 9000}


def after(asking: Asking, *keys: str) -> Asking:
    for key in keys:
        asking, _ = press(asking, key)
    return asking


def answers(card: Card) -> tuple[str, ...]:
    """A right answer as its keys."""
    drawn = draw(card, 3)
    match card.answer:
        case Choice(many=many):
            right = [str(n) for n, option in enumerate(drawn.options, 1) if option.right]
            return (*right, "enter") if many else (right[0],)
        case TrueFalse(holds=holds):
            return ("y" if holds else "n",)
        case Numeric(parts=parts):
            values = [f"{right_value(part, drawn.params):.9g}" for part in parts]
            return ("t", *(key for value in values for key in (*value, "enter")))
        case PredictOutput(prints=prints):
            lines = prints.rstrip().split("\n")
            return ("t", *(key for line in lines for key in (*line.replace(" ", "\0"), "enter")))
        case SpotBug(lines=lines):
            return ("t", *" ".join(map(str, lines)).replace(" ", "\0"), "enter")
        case Open():
            return ("t", *LONG.replace(" ", "\0"), "enter")


def states(card: Card) -> Iterator[Asking]:
    """The card in each of its states, with as much on it as there can be."""
    drawn = draw(card, 3)
    front = after(ask(card, drawn), "esc", "d")
    yield front
    yield after(front, "h", "3" if isinstance(card.answer, Open | TrueFalse) else "x")
    yield after(front, "?")
    if isinstance(card.answer, Numeric | PredictOutput | SpotBug | Open):
        yield after(front, "h", "t", *LONG)
        yield after(front, "t", *"1234567890" * 20, "enter")
    turned = after(front, "space")
    yield turned
    yield from backs(replace(turned, mode=Mode.BACK))
    answered = after(front, *("space" if key == "\0" else key for key in answers(card)))
    yield answered
    if answered.mode is Mode.TICKS:
        yield after(answered, *TICKS)
        yield after(answered, "t", *LONG)
    yield from backs(replace(answered, mode=Mode.BACK))
    yield from wrong(front)


def wrong(front: Asking) -> Iterator[Asking]:
    """Each wrong answer that the card knows of."""
    match front.card.answer:
        case Choice() as choice:
            for option in choice.options:
                yield replace(after(front, "a"), mode=Mode.BACK, answered=True, picked=frozenset({option.id}),
                              judged=judge(front.card, front.drawn, [option.id]))  # fmt: skip
        case TrueFalse(holds=holds):
            yield replace(
                front, mode=Mode.BACK, answered=True, judged=judge(front.card, front.drawn, [NO if holds else YES])
            )
        case _:
            given = replace(front.judged, given=LONG, right=False)
            for mistake in front.card.mistakes:
                yield replace(front, mode=Mode.BACK, answered=True, judged=replace(given, mistake=mistake.id))


def backs(back: Asking) -> Iterator[Asking]:
    """The back as it opens, with its sources unfolded, and with every follow-up taken and told."""
    yield back
    yield after(back, "o")
    every = frozenset(range(len(back.card.follow_ups)))
    yield replace(back, taken=tuple(every), told=every)
    for n in every:
        if not back.card.follow_ups[n].card:
            yield replace(back, mode=Mode.FOLLOW, taken=(n,), told=frozenset({n}))


def showing(card: Card, lang: str, width: int) -> Showing:
    names = {follow.card: LONG for follow in card.follow_ups if follow.card}
    return Showing(
        lang, width, Left(10, 3, 100), "again", "12 of 20 min",
        depth=2, note=NOTES[card.deck], days=DAYS, references=REFERENCES, names=names, news=LONG,
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_no_line_is_wider_than_the_terminal(card: Card, lang: str) -> None:
    """Whatever is on it: code, diffs, formulas, Chinese, long words; and the frame is as high as the terminal.

    At 40 columns or 80, and at one width that is another for each card.
    """
    own = (2 * CARDS.index(card) + (lang == "zh")) * 7 % 81
    for n, asking in enumerate(states(card)):
        fits(asking, lang, (40, 40 + own, 80)[n % 3])


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("deck", sorted(NOTES))
def test_no_line_of_any_card_is_wider_than_any_terminal(deck: str, lang: str) -> None:
    """The same at 40 columns of what the short run shows at another width, and of the rest at any width up to 120."""
    widths = cycle(range(41, 121))
    for card in CARDS:
        for n, asking in enumerate(states(card) if card.deck == deck else ()):
            fits(asking, lang, 40 if n % 3 else next(widths))


def fits(asking: Asking, lang: str, width: int) -> None:
    shown = view(asking, showing(asking.card, lang, width))
    for line in (*shown.body, *shown.foot, *shown.news, *shown.pinned, *shown.line):
        assert cell_len(line.plain) <= width, (asking.mode, line.plain)
    for rows, top in ((24, FRESH), (10, 5), (60, 0)):
        made = frame(shown, width, rows, top)
        assert len(made.lines) == rows
        assert all(cell_len(line.plain) <= width for line in made.lines)
        assert list(made.lines[-len(shown.foot) :]) == list(shown.foot)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
@pytest.mark.parametrize("columns", [40, 80])
def test_the_back_opens_with_the_question_and_the_answer_in_sight(card: Card, lang: str, columns: int) -> None:
    """On 24 rows, at any scroll: the question's first words, the message, and the keys."""
    back = replace(after(ask(card, draw(card, 3)), "esc", "space"), mode=Mode.BACK)
    shown = view(back, showing(card, lang, columns))
    asked = shown.pinned[-1].plain.strip(" …")
    for top in (FRESH, 1, 7, 1000):
        made = frame(shown, columns, 24, top)
        text = "".join(line.plain for line in made.lines)
        assert (asked if top else asked[: columns // 3]) in text
        assert shown.news[0].plain in text
        assert shown.foot[-1].plain in text
