"""The update: what a key makes of the card being asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from interview.drill.answers import NO, YES, Way, check_line, judge, lines_wanted, pre_tick, way
from interview.log.record import Confidence, Rating
from interview.terminal.quiz.model import EMPTY, Action, Asking, Do, Mode, Rate, tick_keys
from interview.terminal.text.words import WANTED, QuizWords
from interview.terminal.tui.decode import Paste, Press
from interview.terminal.tui.line import Line, edit, insert

CONFIDENCE = {"a": Confidence.UNSURE, "s": Confidence.SO_SO, "d": Confidence.SURE}
RATINGS = {str(int(rating)): rating for rating in Rating}
ALWAYS = {"b": Do.BURY, "!": Do.SUSPEND, "u": Do.UNDO, "e": Do.EDIT, "k": Do.KATA, "q": Do.LEAVE}


def press(asking: Asking, key: Press) -> tuple[Asking, Action | None]:
    """The card after the key, and what the sitting has to do."""
    asking = replace(asking, notice=None)
    if asking.mode is Mode.LINE:
        return on_line(asking, key), None
    if isinstance(key, Paste):
        return asking, None
    if asking.mode is Mode.HELP:
        return replace(asking, mode=asking.under, under=Mode.FRONT), None
    if asking.mode is Mode.FOLLOW:
        return on_follow(asking), None
    if key == "?":
        return replace(asking, mode=Mode.HELP, under=asking.mode), None
    if key in ALWAYS:
        return asking, ALWAYS[key]
    if asking.mode is Mode.FRONT:
        return on_front(asking, key), None
    if key in RATINGS:
        return asking, Rate(RATINGS[key])
    return (on_ticks(asking, key), None) if asking.mode is Mode.TICKS else on_back(asking, key)


def on_front(asking: Asking, key: str) -> Asking:
    match key:
        case "space" | "enter":
            return settle(asking, sorted(asking.picked)) if asking.picked else reveal(asking)
        case "h":
            return replace(asking, hinted=True) if asking.card.hint else replace(asking, notice=QuizWords.no_hint)
        case "a" | "s" | "d":
            return replace(asking, confidence=CONFIDENCE[key])
        case _:
            unheard = replace(asking, notice=QuizWords.too_early) if key in RATINGS else no_key(asking, key)
            return answered(asking, key) or unheard


def answered(asking: Asking, key: str) -> Asking | None:
    """What an answering key makes of the front; None for one that is none."""
    match way(asking.card):
        case Way.TRUTH:
            return settle(asking, [YES if key == "y" else NO]) if key in ("y", "n") else None
        case Way.PICKED | Way.SEVERAL:
            return pick(asking, int(key)) if key.isdecimal() else None
        case Way.FREE:
            return replace(asking, mode=Mode.LINE) if key == "t" else None
        case Way.TURNED:
            return None
        case Way.TYPED if key == "t":
            return replace(asking, mode=Mode.LINE)
        case Way.TYPED:
            begun = key.isdecimal() or key == "-"
            return replace(asking, mode=Mode.LINE, line=insert(asking.line, key)) if begun else None


def no_key(asking: Asking, key: str) -> Asking:
    """A key that nothing comes of is told from one that was not heard."""
    return asking if key == "esc" else replace(asking, notice=QuizWords.no_key)


def pick(asking: Asking, digit: int) -> Asking:
    """A single answer is given at once; of several, each digit puts one in or takes it out."""
    if not 1 <= digit <= len(asking.drawn.options):
        return replace(asking, notice=WANTED["option"])
    option = asking.drawn.options[digit - 1].id
    if way(asking.card) is Way.SEVERAL:
        return replace(asking, picked=asking.picked ^ {option})
    return settle(replace(asking, picked=frozenset({option})), [option])


def on_line(asking: Asking, key: Press) -> Asking:
    match key:
        case Paste(text=text):
            return replace(asking, line=insert(asking.line, text))
        case "enter":
            return end_line(asking)
        case "esc":
            return replace(asking, mode=Mode.TICKS if asking.ticks is not None else Mode.FRONT)
        case "space":
            return replace(asking, line=insert(asking.line, " "))
        case str() if len(key) == 1:
            return replace(asking, line=insert(asking.line, key))
        case str():
            return replace(asking, line=edit(asking.line, key))


def end_line(asking: Asking) -> Asking:
    """An empty line leaves; one that cannot be an answer stays open; the last of those wanted is judged."""
    card, text = asking.card, asking.line.text
    if asking.ticks is not None:
        ticks = asking.ticks | pre_tick(card.rubric, text)
        return replace(asking, mode=Mode.TICKS, ticks=ticks, why=text.strip())
    if not text.strip():
        return replace(asking, mode=Mode.FRONT)
    unreadable = check_line(card, text)
    if unreadable:
        return replace(asking, notice=WANTED[unreadable.want])
    asking = replace(asking, line=EMPTY, entries=(*asking.entries, text.strip()))
    if way(card) is Way.FREE:
        judged = judge(card, asking.drawn, asking.entries)
        asking = replace(asking, why=text.strip(), judged=judged, answered=True)
        return replace(asking, mode=Mode.TICKS, ticks=pre_tick(card.rubric, text))
    if len(asking.entries) < lines_wanted(card):
        return asking
    return settle(asking, asking.entries)


def settle(asking: Asking, said: Sequence[str]) -> Asking:
    """After an answer: the why, if it was right and there is one; else the back."""
    judged = judge(asking.card, asking.drawn, said)
    asking = replace(asking, judged=judged, answered=True)
    if judged.right and asking.card.rubric:
        return replace(asking, mode=Mode.LINE if asking.typing else Mode.TICKS, ticks=frozenset(), line=EMPTY)
    return replace(asking, mode=Mode.BACK)


def reveal(asking: Asking) -> Asking:
    """Without an answer: an open card still has its points ticked."""
    if way(asking.card) is Way.FREE and asking.card.rubric:
        return replace(asking, mode=Mode.TICKS, ticks=frozenset())
    return replace(asking, mode=Mode.BACK)


def on_ticks(asking: Asking, key: str) -> Asking:
    ticks = asking.ticks or frozenset()
    match key:
        case "space" | "enter":
            return replace(asking, mode=Mode.BACK)
        case "t":
            return replace(asking, mode=Mode.LINE, line=Line(asking.why, len(asking.why)))
        case _ if key in tick_keys(asking.card):
            return replace(asking, ticks=ticks ^ {tick_keys(asking.card).index(key)}, answered=True)
        case _:
            return no_key(asking, key)


def on_back(asking: Asking, key: str) -> tuple[Asking, Action | None]:
    match key:
        case "space" | "enter":
            proposed = asking.proposed
            return (asking, Rate(proposed)) if proposed else (replace(asking, notice=QuizWords.rate_it), None)
        case "f":
            return take_follow_up(asking), None
        case "o" if asking.card.refs:
            return replace(asking, sources=not asking.sources), None
        case _:
            return no_key(asking, key), None


def take_follow_up(asking: Asking) -> Asking:
    """The first not yet taken: a card is asked next, a free question at once."""
    for n, follow in enumerate(asking.card.follow_ups):
        if n not in asking.taken:
            asking = replace(asking, taken=(*asking.taken, n))
            taken = replace(asking, notice=QuizWords.asked_next)
            return taken if follow.card else replace(asking, mode=Mode.FOLLOW, under=Mode.BACK)
    return replace(asking, notice=QuizWords.no_follow_up)


def on_follow(asking: Asking) -> Asking:
    """First any key shows what was expected; the next goes back."""
    last = asking.taken[-1]
    if last not in asking.told:
        return replace(asking, told=asking.told | {last})
    return replace(asking, mode=Mode.BACK, under=Mode.FRONT)
