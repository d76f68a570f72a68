"""Decks as csv and json: everything a card has, in both languages, and what the history knows of it.

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
from collections.abc import Mapping, Sequence
from typing import Any

from interview.content.deck import Deck
from interview.content.node import load_node
from interview.content.plain import plain
from interview.record import Memory

TEXTS = ("ask", "answer", "hint")
LISTS = ("tags", "refs")
PLAIN = ("id", "rev", "kind", "level", "must_know")
SCHEDULE = ("due", "last", "reviews", "lapses", "stability", "difficulty")
COLUMNS = (
    "deck", "title_en", "title_zh", "note_en", "note_zh", *PLAIN, *LISTS,
    *(f"{text}_{lang}" for text in TEXTS for lang in ("en", "zh")), "more", *SCHEDULE,
)  # fmt: skip
BETWEEN = "; "
FORMULA = re.compile(r"(^|[;\t\r\n])(?=(?:[^\S\t\r\n]|['\"])*[=+\-@＝＋－＠])")  # and the place before it
SHIELDED = re.compile(rf"{FORMULA.pattern}'")


def to_json(decks: Sequence[Deck], memories: Mapping[str, Memory]) -> str:
    told = []
    for deck in decks:
        data = plain(load_node(deck.path))
        for card in data["cards"]:
            memory = memories.get(f"{deck.id}/{card['id']}")
            if memory and not memory.is_new:
                card["schedule"] = schedule(memory)
        told.append(data)
    return json.dumps({"schema": 1, "decks": told}, ensure_ascii=False, indent=1) + "\n"


def to_csv(decks: Sequence[Deck], memories: Mapping[str, Memory]) -> str:
    """With a byte-order mark, for spreadsheets take anything else for Latin."""
    file = io.StringIO(newline="")
    rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for deck in decks:
        data = plain(load_node(deck.path))
        for card in data["cards"]:
            memory = memories.get(f"{deck.id}/{card['id']}")
            rows.writerow(row(data, card) | (schedule(memory) if memory and not memory.is_new else {}))
    return "\ufeff" + file.getvalue()


def row(deck: Mapping[str, Any], card: Mapping[str, Any]) -> dict[str, Any]:
    left = dict(card)
    cells: dict[str, Any] = {"deck": deck["deck"], "title_en": deck["title"]["en"], "title_zh": deck["title"]["zh"]}
    cells |= {f"note_{lang}": text for lang, text in deck.get("note", {}).items()}
    for name in PLAIN:
        value = left.pop(name, "")
        cells[name] = str(value).lower() if isinstance(value, bool) else value
    for name in LISTS:
        cells[name] = BETWEEN.join(map(str, left.pop(name, [])))
    for name in TEXTS:
        text = left.pop(name, {})
        cells |= {f"{name}_{lang}": text.get(lang, "") for lang in ("en", "zh")}
    cells["more"] = json.dumps(left, ensure_ascii=False) if left else ""
    return {name: shield(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}


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
