"""The ticks: what came of an answer, the verdict and the rubric."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from interview.drill.answers import YES, Way, missed, way
from interview.log.record import Confidence
from interview.terminal.quiz.context import Showing, written
from interview.terminal.quiz.model import Asking, Mode, tick_keys
from interview.terminal.text.prose import inline
from interview.terminal.text.words import RATINGS, QuizWords
from interview.terminal.text.wrap import wrap


def ticks_lines(asking: Asking, showing: Showing) -> list[Text]:
    """The rubric, to be ticked; what was typed above it, what it amounts to below."""
    lang, rubric = showing.lang, asking.card.rubric
    ticks = asking.ticks or frozenset()
    spoken = QuizWords.aloud if way(asking.card) is Way.FREE else QuizWords.why
    asked = (QuizWords.ticked if asking.why else spoken).say(lang)
    lines = [*verdict_lines(asking, showing), *wrap(Text(asked, "dim"), showing.width, first=" ", rest=" "), Text()]
    if asking.why and asking.mode is not Mode.LINE:
        label = Text.assemble((QuizWords.your_words.say(lang) + QuizWords.colon.say(lang), "dim"), asking.why)
        lines = [*wrap(label, showing.width, first=" ", rest=" "), Text(), *lines]
    for n, letter in enumerate(tick_keys(asking.card)):
        lines += point_lines(asking, showing, n, mark=f"{letter} [{'x' if n in ticks else ' '}]", ticked=n in ticks)
    musts = len(missed(rubric, ticks))
    some = QuizWords.summary_must if musts else QuizWords.summary_all
    count = (some if ticks else QuizWords.summary_none).say(lang, n=len(ticks), total=len(rubric), missed=musts)
    said = Text(count)
    if rating := asking.proposed:
        said.append(" → ").append(RATINGS[rating].say(lang), "bold")
    return [*lines, Text(), *wrap(said, showing.width, first=" ", rest=" ")]


def point_lines(asking: Asking, showing: Showing, n: int, *, mark: str, ticked: bool = False) -> list[Text]:
    """One point: ticked or not, and whether it matters; one that matters and was missed stands out."""
    point = asking.card.rubric[n]
    words = inline(written(point.text, asking, showing))
    if point.must:
        bad = not ticked and asking.answered
        words = Text.assemble(words, "   ", (QuizWords.must.say(showing.lang), "bold red" if bad else "dim"))
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
    right = asking.judged.right
    if right is None:
        return ""
    match asking.confidence:
        case Confidence.SURE:
            return (QuizWords.sure_right if right else QuizWords.sure_wrong).say(showing.lang)
        case Confidence.UNSURE:
            return QuizWords.unsure_right.say(showing.lang) if right else ""
        case Confidence.SO_SO | None:
            return ""


def given(asking: Asking, showing: Showing) -> Text:
    """The answer in the person's own terms."""
    match way(asking.card):
        case Way.PICKED | Way.SEVERAL:
            chosen = [option for option in asking.drawn.options if option.id in asking.picked]
            return Text("; ").join(inline(written(option.text, asking, showing)) for option in chosen)
        case Way.TRUTH:
            return Text((QuizWords.true if asking.judged.given == YES else QuizWords.false).say(showing.lang))
        case Way.FREE | Way.TYPED | Way.TURNED:
            return Text(asking.judged.given or "")
