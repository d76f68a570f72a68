"""The question: as the lines above an answer, and in a line where another card leads to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain

from rich.text import Text

from interview.content.cards.deck import Card, Numeric, PredictOutput, SpotBug, TrueFalse
from interview.content.cards.expression import fill
from interview.content.cards.markdown import joined
from interview.terminal.quiz.context import Showing, written
from interview.terminal.quiz.model import Asking, Mode
from interview.terminal.text.code import code_lines
from interview.terminal.text.prose import prose
from interview.terminal.text.words import say
from interview.text import Text as Words

LONG = 12  # lines of code
NEAR = 2  # lines shown above and below a faulty one


def question(asking: Asking, showing: Showing) -> list[Text]:
    """What is asked; not the options. Its code stands with it, but on the back, where it stands with the answer."""
    card, width, lang = asking.card, showing.width, showing.lang
    lines = prose(written(card.ask, asking, showing), width) if card.ask else []
    if isinstance(card.answer, TrueFalse):
        if not card.ask:
            lines += [Text(" " + say(lang, "true_or_false"), "dim")]
        lines += [Text(), *prose(written(card.answer.statement, asking, showing), width, indent="   ")]
    code = shown_code(asking, showing) if asking.mode is not Mode.BACK or is_long(card) else []
    return [*lines, *([Text(), *code] if code else []), *note_lines(card, showing), Text()]


def shown_code(asking: Asking, showing: Showing) -> list[Text]:
    """The code that is asked about; once it is known which of its lines are faulty, they stand out."""
    match asking.card.answer:
        case PredictOutput(code=code):
            return code_lines(code, showing.width)
        case SpotBug(code=code, lines=faulty):
            marked = frozenset(faulty) if asking.mode is Mode.BACK or asking.ticks is not None else frozenset[int]()
            return code_lines(code, showing.width, numbered=True, marked=marked)
        case _:
            return []


def answering_code(asking: Asking, showing: Showing) -> list[Text]:
    """The same as it stands with the answer: of a long one what is near the faulty lines."""
    match asking.card.answer:
        case SpotBug(code=code, lines=faulty) if is_long(asking.card):
            near = {line for each in faulty for line in range(each - NEAR, each + NEAR + 1)}
            return code_lines(code, showing.width, numbered=True, marked=frozenset(faulty), only=near)
        case _:
            return shown_code(asking, showing)


def is_long(card: Card) -> bool:
    """Code that would push its answer off a screen of 24 rows."""
    return isinstance(card.answer, SpotBug) and card.answer.code.count("\n") > LONG


def note_lines(card: Card, showing: Showing) -> list[Text]:
    """The deck's note, under a card that uses one of the symbols it explains."""
    if showing.note is None:
        return []
    symbols = set(re.findall(r"\b[b-zB-HJ-Z]\b", showing.note.en))
    asked = " ".join(words.en for words in (card.ask, getattr(card.answer, "statement", None)) if words)
    if symbols and not symbols & set(re.findall(r"\b[a-zA-Z]\b", asked)):
        return []
    lines = prose(showing.note.say(showing.lang), showing.width)
    for line in lines:
        line.stylize("dim")
    return [Text(), *lines]


def asked(card: Card, lang: str, params: Mapping[str, float]) -> str:
    """The first paragraph, of several quantities the first; code is left out."""
    texts: list[Words | None] = [card.ask]
    match card.answer:
        case TrueFalse(statement=statement):
            texts.append(statement)
        case Numeric(parts=(part, *_)):
            texts.append(part.ask)
        case _:
            pass
    paragraphs = [text.say(lang).strip().split("\n\n")[0] for text in texts if text]
    return fill(joined(chain.from_iterable(each.split("\n") for each in paragraphs)), params)
