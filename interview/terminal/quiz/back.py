"""The back of a card: what was right, the reason, the mistake, the sources, what an interviewer asks next."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from interview.content.cards.deck import Reference
from interview.terminal.quiz.context import Showing, written
from interview.terminal.quiz.kinds import answer_lines, led_to
from interview.terminal.quiz.model import Asking
from interview.terminal.quiz.ticks import point_lines
from interview.terminal.text.prose import ACCENT, inline, prose
from interview.terminal.text.words import QuizWords
from interview.terminal.text.wrap import wrap


def back_lines(asking: Asking, showing: Showing) -> list[Text]:
    """In the order one wants them: the verdict, the answer, one's mistake, why, what is next, and where it is from."""
    mistake = own_mistake(asking, showing)
    parts = [
        answer_lines(asking, showing),
        mistake,
        reason_lines(asking, showing),
        rubric_lines(asking, showing),
        [] if mistake else mistake_lines(asking, showing),
        next_lines(asking, showing),
        source_lines(asking, showing),
    ]
    lines: list[Text] = []
    for part in parts:
        lines += [Text(), *part] if part and lines and lines[-1].plain.strip() else part
    return lines


def reason_lines(asking: Asking, showing: Showing) -> list[Text]:
    reason = asking.card.reason
    return prose(written(reason, asking, showing), showing.width) if reason else []


def rubric_lines(asking: Asking, showing: Showing) -> list[Text]:
    """The points that were not said; all of them, if nobody ticked."""
    ticks = asking.assessed or frozenset()
    left = [n for n in range(len(asking.card.rubric)) if n not in ticks]
    if not left:
        return []
    label = (QuizWords.not_said if asking.assessed is not None else QuizWords.points).say(showing.lang)
    lines = [Text(f" {label}", "bold")]
    for n in left:
        lines += point_lines(asking, showing, n, mark="·")
    return lines


def own_mistake(asking: Asking, showing: Showing) -> list[Text]:
    mine = next((each for each in asking.card.mistakes if each.id == asking.judged.mistake), None)
    if mine is None:
        return []
    label = (QuizWords.your_mistake.say(showing.lang) + QuizWords.colon.say(showing.lang), "bold red")
    return wrap(Text.assemble(label, inline(written(mine.text, asking, showing))), showing.width, first=" ", rest="   ")


def mistake_lines(asking: Asking, showing: Showing) -> list[Text]:
    """What is often said instead, each with the answer that it leads to."""
    answers = led_to(asking)
    lines = [Text(f" {QuizWords.often.say(showing.lang)}", "bold")] if asking.card.mistakes else []
    for each in sorted(asking.card.mistakes, key=lambda each: place(asking, answers.get(each.id, ""))):
        lead = f"{answers[each.id]}{QuizWords.colon.say(showing.lang)}" if each.id in answers else "· "
        words = Text.assemble((lead, "dim"), inline(written(each.text, asking, showing)))
        lines += wrap(words, showing.width, first=" ", rest="   ")
    return lines


def place(asking: Asking, answer: str) -> tuple[bool, str]:
    """A choice's mistakes stand in the order of its options, those of none after them; others as they were written."""
    return (not answer, answer) if asking.drawn.options else (False, "")


def source_lines(asking: Asking, showing: Showing) -> list[Text]:
    """Each source once: folded to one line, or all that is known of each."""
    known = [showing.references.get(key) or Reference(key, "", key, 0, "", None) for key in asking.card.refs]
    label = QuizWords.sources.say(showing.lang) + QuizWords.colon.say(showing.lang)
    if asking.sources:
        lines = [Text(f" {label.strip()}", "bold")]
        for reference in known:
            year = str(reference.year or "")
            parts = (reference.authors, year, reference.title, reference.where, reference.url)
            whole = ". ".join(filter(None, parts))
            lines += wrap(Text(whole, "dim"), showing.width, first=" ", rest="   ")
        return lines
    names = list(dict.fromkeys(citation(reference) for reference in known))
    return [Text.assemble(" ", (folded(label, names, showing.width - 1), "dim"))] if names else []


def folded(label: str, names: Sequence[str], width: int) -> str:
    """As many as one line holds, the first one cut if it must be, and how many more there are."""
    for count in range(len(names), 0, -1):
        more = f" · +{len(names) - count}" if count < len(names) else ""
        line = Text(label + " · ".join(names[:count]))
        if count == 1:
            line.truncate(width - len(more), overflow="ellipsis")
        if cell_len(line.plain) + len(more) <= width:
            return line.plain + more
    return label


def citation(reference: Reference) -> str:
    """`PyTorch 2026, torch/optim/adam.py`: the title tells sources apart."""
    return ", ".join(filter(None, (f"{cited(reference.authors)} {reference.year or ''}".strip(), reference.title)))


def cited(authors: str) -> str:
    """`Wager et al.`, `Baldi & Sadowski`, `PyTorch`: surnames, and no more than two."""
    names = [
        re.sub(r"^(?:[A-Z]\.[- ]?)+\s*", "", name.removesuffix(" contributors"))
        for name in re.split(r",\s*|\s+&\s+|\s+and\s+", authors)
        if name
    ]
    return f"{names[0]} et al." if len(names) > 2 else " & ".join(names)


def next_lines(asking: Asking, showing: Showing) -> list[Text]:
    """The follow-ups, each with what can be done about it, and the kata that proves it."""
    lang, width = showing.lang, showing.width
    lines: list[Text] = []
    for n, follow in enumerate(asking.card.follow_ups):
        asked = (
            inline(written(follow.ask, asking, showing))
            if follow.ask
            else inline(showing.names.get(follow.card or "", follow.card or ""))
        )
        label = Text.assemble((QuizWords.follow_up.say(lang) + QuizWords.colon.say(lang), f"bold {ACCENT}"), asked)
        waiting = n == len(asking.taken)
        state = (
            QuizWords.taken.say(lang)
            if n in asking.taken and follow.card
            else QuizWords.take_it.say(lang)
            if waiting
            else ""
        )
        lines += wrap(Text.assemble(label, ("   " + state, "dim")), width, first=" ", rest="   ")
        if n in asking.told and follow.expect:
            lines += prose(written(follow.expect, asking, showing), width, indent="   ")
    if asking.card.kata:
        label = Text.assemble(
            (QuizWords.hands_on.say(lang) + QuizWords.colon.say(lang), "bold"),
            f"interview kata {asking.card.kata}   ",
            ("k", ACCENT),
        )
        lines += wrap(label, width, first=" ", rest="   ")
    return lines


def follow_lines(asking: Asking, showing: Showing) -> list[Text]:
    """A free follow-up on a screen of its own."""
    last = asking.taken[-1]
    follow = asking.card.follow_ups[last]
    lines = [Text(f" {QuizWords.follow_up.say(showing.lang)}", f"bold {ACCENT}"), Text()]
    lines += prose(written(follow.ask, asking, showing), showing.width) if follow.ask else []
    if last in asking.told and follow.expect:
        lines += [Text(), Text(f" {QuizWords.expect.say(showing.lang)}", "bold")]
        lines += prose(written(follow.expect, asking, showing), showing.width)
    return lines
