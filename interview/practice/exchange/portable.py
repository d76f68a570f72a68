"""The portable forms of decks, csv and json: everything a card has, and what the history knows of it.

In csv the fields that every kind has are columns, and the rest is one JSON object in the column `more`. The columns
(and in json the key) of the schedule are for reading: an import leaves them alone, the log is the truth.

A spreadsheet runs what begins like a formula: such a cell gets an apostrophe, which an import takes off again. So does
what follows a semicolon, a tab or a line's end within a cell: in many countries a spreadsheet splits the file there.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from interview.log.record import Memory

TEXTS = ("ask", "answer", "hint")
LISTS = ("tags", "refs")
PLAIN = ("id", "rev", "kind", "level", "must_know")
SCHEDULE = ("due", "last", "reviews", "lapses", "stability", "difficulty")
COLUMNS = (
    "deck", "title_en", "title_zh", "note_en", "note_zh", "needs", *PLAIN, *LISTS,
    *(f"{text}_{lang}" for text in TEXTS for lang in ("en", "zh")), "more", *SCHEDULE,
)  # fmt: skip
BETWEEN = "; "
Data = dict[str, Any]  # a deck, or a card of it, as plain values
Remember = Callable[[Sequence[str]], Mapping[str, Memory]]
FORMULA = re.compile(r"(^|[;\t\r\n])(?=(?:[^\S\t\r\n]|['\"])*[=+\-@＝＋－＠])")  # and the place before it
SHIELDED = re.compile(rf"{FORMULA.pattern}'")


def to_json(decks: Iterable[Data], memories: Remember) -> Iterator[str]:
    """The text in pieces, a deck each: there may be many."""
    between = '{\n "schema": 1,\n "decks": ['
    for data in decks:
        for card, known in scheduled(data, memories):
            if known:
                card["schedule"] = known
        told = json.dumps(data, ensure_ascii=False, indent=1).replace("\n", "\n  ")
        yield f"{between}\n  {told}"
        between = ","
    yield ("" if between == "," else between) + "\n ]\n}\n"


def to_csv(decks: Iterable[Data], memories: Remember) -> Iterator[str]:
    """In pieces too. With a byte-order mark, for spreadsheets take anything else for Latin."""
    file = io.StringIO(newline="")
    rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    file.write("\ufeff")
    rows.writeheader()
    for data in decks:
        for card, known in scheduled(data, memories):
            rows.writerow(row(data, card) | known)
        yield file.getvalue()
        file.seek(0)
        file.truncate()
    yield file.getvalue()


def scheduled(deck: Data, memories: Remember) -> Iterator[tuple[Data, dict[str, Any]]]:
    """The deck's cards, each with what the history knows of it: nothing of a new one."""
    names = [f"{deck['deck']}/{card['id']}" for card in deck["cards"]]
    known = memories(names)
    for name, card in zip(names, deck["cards"], strict=True):
        memory = known.get(name)
        yield card, schedule(memory) if memory and not memory.is_new else {}


def row(deck: Mapping[str, Any], card: Mapping[str, Any]) -> dict[str, Any]:
    left = dict(card)
    cells: dict[str, Any] = {"deck": deck["deck"]}
    for name in ("title", "note"):
        cells |= {f"{name}_{lang}": text for lang, text in in_languages(deck.get(name, {})).items()}
    cells["needs"] = BETWEEN.join(deck.get("needs", []))
    for name in PLAIN:
        value = left.pop(name, "")
        cells[name] = str(value).lower() if isinstance(value, bool) else value
    for name in LISTS:
        entries = list(map(str, left.get(name, [])))
        if entries == split(BETWEEN.join(entries)):  # else it stays in `more`
            cells[name] = BETWEEN.join(entries)
            left.pop(name, None)
    for name in TEXTS:
        text = in_languages(left.pop(name, {}))
        cells |= {f"{name}_{lang}": text.get(lang, "") for lang in ("en", "zh")}
    cells["more"] = json.dumps(left, ensure_ascii=False) if left else ""
    return {name: shield(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}


def in_languages(text: str | Mapping[str, str]) -> Mapping[str, str]:
    """A text of one language stands in the first column alone."""
    return {"en": text} if isinstance(text, str) else text


def split(cell: str) -> list[str]:
    return [entry.strip() for entry in cell.split(BETWEEN.strip()) if entry.strip()]


def shield(cell: str) -> str:
    """The cell as text in which no spreadsheet finds a formula: `'=1+1`."""
    return FORMULA.sub(r"\1'", cell)


def unshield(cell: str) -> str:
    """What `shield` was given."""
    return SHIELDED.sub(r"\1", cell)


def schedule(memory: Memory) -> dict[str, Any]:
    return {
        "due": memory.due.isoformat() if memory.due else None,
        "last": memory.last.isoformat() if memory.last else None,
        "reviews": memory.reviews,
        "lapses": memory.lapses,
        "stability": round(memory.stability, 2),
        "difficulty": round(memory.difficulty, 2),
    }
