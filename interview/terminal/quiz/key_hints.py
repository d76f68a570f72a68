"""The key hints: the last line of each screen, with the keys that work now."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from interview.drill.answers import Way, lines_wanted, way
from interview.log.record import Rating
from interview.terminal.quiz.context import Showing
from interview.terminal.quiz.model import Asking, Mode, tick_keys
from interview.terminal.text.prose import ACCENT
from interview.terminal.text.words import say

Keys = list[tuple[str, str]]
RATING_STYLES = {Rating.AGAIN: "red", Rating.HARD: "", Rating.GOOD: "green", Rating.EASY: ""}


def foot(asking: Asking, showing: Showing) -> list[Text]:
    """The keys of the mode, folded to the width; the ratings with their dates above them."""
    lines = key_lines(keys(asking, showing), showing.width)
    return [*rating_lines(asking, showing), *lines] if asking.mode in (Mode.TICKS, Mode.BACK) else lines


def keys(asking: Asking, showing: Showing) -> Keys:
    lang = showing.lang

    def named(*pairs: tuple[str, str]) -> Keys:
        return [(name_of(key, lang), say(lang, f"k_{word}")) for key, word in pairs]

    match asking.mode:
        case Mode.LINE:
            more = len(asking.entries) + 1 < lines_wanted(asking.card) and asking.ticks is None
            then = "" if asking.ticks is not None else say(lang, "k_then")
            hint = named(("h", "hint")) if asking.card.hint and then else []
            later = [*hint, *named(("a s d", "sure"), ("b", "bury"), ("q", "save"))] if then else []
            return [
                *named(("Enter", "next_line" if more else "answer"), ("Esc", "leave")),
                *([("", then + say(lang, "colon"))] if then else []),
                *later,
            ]
        case Mode.TICKS:
            return named(
                (" ".join(tick_keys(asking.card)), "tick"),
                ("t", "type"),
                ("Enter", "take"),
                ("?", "help"),
                ("q", "save"),
            )
        case Mode.BACK:
            proposed = say(lang, f"rating_{int(asking.proposed)}")
            untaken = len(asking.taken) < len(asking.card.follow_ups)
            return [
                ("", say(lang, "proposed", rating=proposed)),
                *named(
                    *([("f", "follow")] if untaken else []),
                    *([("o", "sources")] if asking.card.refs else []),
                    *(("u", "undo"), ("b", "bury"), ("?", "help"), ("q", "save")),
                ),
            ]
        case Mode.HELP:
            return named(("↑ ↓", "scroll"), ("Space", "back"))
        case Mode.FOLLOW:
            return named(("Space", "back" if asking.taken[-1] in asking.told else "reveal"))
        case Mode.FRONT:
            return [*named(*answering(asking)), *named(("a s d", "sure")), *extras(asking, lang)]


def answering(asking: Asking) -> list[tuple[str, str]]:
    digits, reveal = f"1–{len(asking.drawn.options)}", ("Space", "reveal")
    match way(asking.card):
        case Way.PICKED:
            return [(digits, "answer"), reveal]
        case Way.SEVERAL:
            return [(digits, "pick"), ("Enter", "confirm") if asking.picked else reveal]
        case Way.TRUTH:
            return [("y", "true"), ("n", "false"), reveal]
        case Way.FREE:
            return [reveal, ("t", "type")]
        case Way.TYPED:
            return [("t", "answer"), reveal]


def extras(asking: Asking, lang: str) -> Keys:
    pairs = [("h", "hint")] if asking.card.hint and not asking.hinted else []
    pairs += [("b", "bury"), ("u", "undo"), ("?", "help"), ("q", "save")]
    return [(key, say(lang, f"k_{word}")) for key, word in pairs]


def name_of(key: str, lang: str) -> str:
    """The key as it is called in the language."""
    return say(lang, "space") if key == "Space" else key


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
        name = say(showing.lang, f"rating_{int(rating)}")
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
        return say(lang, "again_in")
    if days < 60:
        return say(lang, "days", n=days)
    if days < 365:
        return say(lang, "months", n=f"{days / 30.4:.1f}".removesuffix(".0"))
    return say(lang, "years", n=f"{days / 365.25:.1f}".removesuffix(".0"))
