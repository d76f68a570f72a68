"""The ticks: what came of an answer, the verdict and the rubric."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from interview.drill.answers import YES, Way, missed, way
from interview.log.record import Confidence
from interview.terminal.quiz.context import Showing, written
from interview.terminal.quiz.model import Asking, Mode, tick_keys
from interview.terminal.text.prose import inline
from interview.terminal.text.words import say
from interview.terminal.text.wrap import wrap


def ticks_lines(asking: Asking, showing: Showing) -> list[Text]:
    """The rubric, to be ticked; what was typed above it, what it amounts to below."""
    lang, rubric = showing.lang, asking.card.rubric
    ticks = asking.ticks or frozenset()
    spoken = "aloud" if way(asking.card) is Way.FREE else "why"
    asked = say(lang, "ticked" if asking.why else spoken)
    lines = [*verdict_lines(asking, showing), *wrap(Text(asked, "dim"), showing.width, first=" ", rest=" "), Text()]
    if asking.why and asking.mode is not Mode.LINE:
        label = Text.assemble((say(lang, "your_words") + say(lang, "colon"), "dim"), asking.why)
        lines = [*wrap(label, showing.width, first=" ", rest=" "), Text(), *lines]
    for n, letter in enumerate(tick_keys(asking.card)):
        lines += point_lines(asking, showing, n, mark=f"{letter} [{'x' if n in ticks else ' '}]", ticked=n in ticks)
    musts = len(missed(rubric, ticks))
    key = "summary_none" if not ticks else "summary_must" if musts else "summary_all"
    count = say(lang, key, n=len(ticks), total=len(rubric), missed=musts)
    rating = say(lang, f"rating_{int(asking.proposed)}")
    return [*lines, Text(), *wrap(Text.assemble(f"{count} → ", (rating, "bold")), showing.width, first=" ", rest=" ")]


def point_lines(asking: Asking, showing: Showing, n: int, *, mark: str, ticked: bool = False) -> list[Text]:
    """One point: ticked or not, and whether it matters; one that matters and was missed stands out."""
    point = asking.card.rubric[n]
    words = inline(written(point.text, asking, showing))
    if point.must:
        bad = not ticked and asking.answered
        words = Text.assemble(words, "   ", (say(showing.lang, "must"), "bold red" if bad else "dim"))
    return wrap(words, showing.width, first=f" {mark} ", rest=" " * (len(mark) + 2))


def verdict_lines(asking: Asking, showing: Showing) -> list[Text]:
    """`✓ 2.25        you were sure: right`; nothing where nothing was judged."""
    judged = asking.judged
    if judged.right is None:
        return []
    mark = ("✓", "bold green") if judged.right else ("✗", "bold red")
    text = Text.assemble(" ", mark, " ", given(asking, showing))
    said = calibration(asking, showing)
    gap = showing.width - cell_len(text.plain) - cell_len(said) - 1
    if said and gap >= 2:
        return [text.append(" " * gap).append(said, "dim"), Text()]
    return [*wrap(text, showing.width, rest="   "), Text()]


def calibration(asking: Asking, showing: Showing) -> str:
    """`you were sure: wrong`; nothing where there is nothing to learn from it."""
    match asking.confidence, asking.judged.right:
        case Confidence.SURE, bool() as right:
            return say(showing.lang, "sure_right" if right else "sure_wrong")
        case Confidence.UNSURE, True:
            return say(showing.lang, "unsure_right")
        case _:
            return ""


def given(asking: Asking, showing: Showing) -> Text:
    """The answer in the person's own terms."""
    match way(asking.card):
        case Way.PICKED | Way.SEVERAL:
            chosen = [option for option in asking.drawn.options if option.id in asking.picked]
            return Text("; ").join(inline(written(option.text, asking, showing)) for option in chosen)
        case Way.TRUTH:
            return Text(say(showing.lang, "true" if asking.judged.given == YES else "false"))
        case Way.FREE | Way.TYPED:
            return Text(asking.judged.given or "")
