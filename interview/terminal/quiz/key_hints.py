"""The key hints: the last line of each screen, with the keys that work now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.text import Text

from interview.drill.answers import Way, lines_wanted, way
from interview.log.record import Rating
from interview.terminal.quiz.context import Showing
from interview.terminal.quiz.model import Asking, Mode, tick_keys
from interview.terminal.text.prose import ACCENT
from interview.terminal.text.words import RATINGS, KeyWords, QuizWords
from interview.text import Text as Words

Keys = list[tuple[str, str]]
RATING_STYLES: Mapping[Rating, str] = {Rating.AGAIN: "red", Rating.HARD: "", Rating.GOOD: "green", Rating.EASY: ""}


def foot(asking: Asking, showing: Showing) -> list[Text]:
    """The keys of the mode, folded to the width; the ratings with their dates above them."""
    lines = key_lines(keys(asking, showing), showing.width)
    return [*rating_lines(asking, showing), *lines] if asking.mode in (Mode.TICKS, Mode.BACK) else lines


def keys(asking: Asking, showing: Showing) -> Keys:
    lang = showing.lang

    def named(*pairs: tuple[str, Words]) -> Keys:
        return in_words(pairs, lang)

    match asking.mode:
        case Mode.LINE:
            more = len(asking.entries) + 1 < lines_wanted(asking.card) and asking.ticks is None
            then = "" if asking.ticks is not None else KeyWords.then.say(lang)
            hint = named(("h", KeyWords.hint)) if asking.card.hint and then else []
            later = (
                [*hint, *named(("a s d", KeyWords.sure), ("b", KeyWords.bury), ("q", KeyWords.save))] if then else []
            )
            return [
                *named(("Enter", KeyWords.next_line if more else KeyWords.answer), ("Esc", KeyWords.leave)),
                *([("", then + QuizWords.colon.say(lang))] if then else []),
                *later,
            ]
        case Mode.TICKS:
            return named(
                (" ".join(tick_keys(asking.card)), KeyWords.tick),
                ("t", KeyWords.type),
                ("Enter", KeyWords.take),
                ("?", KeyWords.help),
                ("q", KeyWords.save),
            )
        case Mode.BACK:
            proposed = asking.proposed
            untaken = len(asking.taken) < len(asking.card.follow_ups)
            return [
                ("", QuizWords.proposed.say(lang, rating=RATINGS[proposed].say(lang)))
                if proposed
                else ("1–4", KeyWords.rate.say(lang)),
                *named(
                    *([("f", KeyWords.follow)] if untaken else []),
                    *([("o", KeyWords.sources)] if asking.card.refs else []),
                    *(("u", KeyWords.undo), ("b", KeyWords.bury), ("?", KeyWords.help), ("q", KeyWords.save)),
                ),
            ]
        case Mode.HELP:
            return named(("↑ ↓", KeyWords.scroll), ("Space", KeyWords.back))
        case Mode.FOLLOW:
            return named(("Space", KeyWords.back if asking.taken[-1] in asking.told else KeyWords.reveal))
        case Mode.FRONT:
            return [*named(*answering(asking)), *named(("a s d", KeyWords.sure)), *extras(asking, lang)]


def answering(asking: Asking) -> list[tuple[str, Words]]:
    digits, reveal = f"1–{len(asking.drawn.options)}", ("Space", KeyWords.reveal)
    match way(asking.card):
        case Way.PICKED:
            return [(digits, KeyWords.answer), reveal]
        case Way.SEVERAL:
            return [(digits, KeyWords.pick), ("Enter", KeyWords.confirm) if asking.picked else reveal]
        case Way.TRUTH:
            return [("y", KeyWords.true), ("n", KeyWords.false), reveal]
        case Way.FREE:
            return [reveal, ("t", KeyWords.type)]
        case Way.TURNED:
            return [reveal]
        case Way.TYPED:
            return [("t", KeyWords.answer), reveal]


def extras(asking: Asking, lang: str) -> Keys:
    pairs = [("h", KeyWords.hint)] if asking.card.hint and not asking.hinted else []
    pairs += [("b", KeyWords.bury), ("u", KeyWords.undo), ("?", KeyWords.help), ("q", KeyWords.save)]
    return in_words(pairs, lang)


def in_words(pairs: Sequence[tuple[str, Words]], lang: str) -> Keys:
    return [(name_of(key, lang), words.say(lang)) for key, words in pairs]


def name_of(key: str, lang: str) -> str:
    """The key as it is called in the language."""
    return QuizWords.space.say(lang) if key == "Space" else key


def key_lines(pairs: Keys, width: int) -> list[Text]:
    """` Enter answer · Esc leave`, on as many lines as it takes."""
    lines = [Text(" ")]
    for key, word in pairs:
        piece = Text.assemble((key, ACCENT), " " if key and word else "", (word, "dim"))
        before = lines[-1].plain
        if before.strip() and cell_len(before) + 3 + cell_len(piece.plain) > width:
            lines.append(Text(" "))
        elif before.strip() and not before.endswith((": ", "：")):
            lines[-1].append(" · ", "dim")
        lines[-1].append_text(piece)
    return lines


def rating_lines(asking: Asking, showing: Showing) -> list[Text]:
    """`1 Again <10 min   2 Hard 2 d   3 Good 4 d   4 Easy 9 d`; the proposed one stands out."""
    line = Text(" ")
    lines = [line]
    for rating in Rating:
        name = RATINGS[rating].say(showing.lang)
        bold = "bold " if rating is asking.proposed else ""
        when = after(showing.days[rating], showing.lang) if rating in showing.days else ""
        piece = Text.assemble(
            (str(int(rating)), ACCENT),
            " ",
            (name, (bold + RATING_STYLES[rating]).strip()),
            " " if when else "",
            (when, "dim"),
        )
        if cell_len(line.plain) > 1 and cell_len(line.plain) + 3 + cell_len(piece.plain) > showing.width:
            line = Text(" ")
            lines.append(line)
        elif cell_len(line.plain) > 1:
            line.append("   ")
        line.append_text(piece)
    return lines


def after(days: int, lang: str) -> str:
    """`<10 min`, `4 d`, `2.5 mo`, `1.2 y`."""
    if days == 0:
        return QuizWords.again_in.say(lang)
    if days < 60:
        return QuizWords.days.say(lang, n=days)
    if days < 365:
        return QuizWords.months.say(lang, n=f"{days / 30.4:.1f}".removesuffix(".0"))
    return QuizWords.years.say(lang, n=f"{days / 365.25:.1f}".removesuffix(".0"))
