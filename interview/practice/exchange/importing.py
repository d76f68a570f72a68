"""The import: a csv or json file as decks, checked like any other; a complaint names the file and the line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from interview.content.cards.deck_file import is_ungraded, survey_deck
from interview.content.cards.plain import plain
from interview.content.reading.field import LONG, TOO_LONG, Node
from interview.content.reading.json_node import parse_json_node, stream_json
from interview.content.reading.problem import Problem, UnsoundError
from interview.content.reading.source import read_source
from interview.errors import UsageError
from interview.practice.exchange.portable import COLUMNS, LISTS, PLAIN, SCHEDULE, TEXTS, Data, split, unshield
from interview.text import Text

ODD_ROW = {  # by a part of what the reader says
    "unexpected end of data": Text("a cell is not closed with a quote", "单元格缺少右引号"),
    "expected after": Text("there is text after a cell's closing quote", "单元格的右引号后面还有文字"),
    "field larger": Text("a cell is longer than can be read", "单元格太长，读不了"),
}
UNREADABLE_ROW = Text("the row cannot be read", "这一行读不了")
LARGEST = 512 << 20  # bytes of a file: an export holds every deck, and a deck alone may be two megabytes


def read_decks(path: Path, *, name: str | None = None) -> Iterator[Data]:
    """The sound decks of the file as plain values, one after the other; at the end the complaints about the others.

    `name` is given to the only deck of a file.
    """
    problems: set[Problem] = set()
    names: set[str] = set()
    held = 0
    for node in nodes_of(path):
        held += 1
        if name is not None and held > 1:
            raise UsageError(
                f"--deck names one deck, and {path} holds more than one",
                f"--deck 只给一个题库起名，而 {path} 里不止一个",
            )
        if name is not None and isinstance(node.value, dict):
            node.value["deck"] = Node(path, 1, name, node.problems)
        found = check(node)
        problems.update(found)
        if found:
            continue
        data = plain(node)
        if data["deck"] in names:
            said = data["deck"]
            en, zh = (
                f"the deck `{said}` stands here a second time; make it one",
                f"题库 `{said}` 出现了第二次；请合成一个",
            )
            problems.add(Problem(path, node.line, en, zh))
        names.add(data["deck"])
        yield data
    if not held:
        problems.add(Problem(path, 1, "there is no deck in it", "里面没有题库"))
    if problems:
        raise UnsoundError(problems)


def nodes_of(path: Path) -> Iterator[Node]:
    match path.suffix.lower():
        case ".json":
            return read_json(path)
        case ".csv":
            return read_csv(path)
        case _:
            raise UsageError(
                f"{path}: import reads .json and .csv; an Anki package cannot be read back",
                f"{path}：只能导入 .json 和 .csv；Anki 包读不回来",
            )


def check(node: Node) -> list[Problem]:
    """What is wrong with the deck, and with what was read since the one before it."""
    for card in cards_of(node):
        if isinstance(card.value, dict):
            card.value.pop("schedule", None)
    survey_deck(node)
    found = list(node.problems)
    node.problems.clear()  # all decks of a file share them
    return found


def cards_of(node: Node) -> list[Node]:
    cards = node.get("cards")
    return cards.value if cards and isinstance(cards.value, list) else []


def read_json(path: Path) -> Iterator[Node]:
    """An export (`{"schema": 1, "decks": [...]}`), or one deck by itself."""
    root = yield from stream_json(read_source(path, LARGEST), path, "decks")
    if not isinstance(root.value, dict):
        root.complain(
            'a deck is an object, and so is an export: {"deck": …} or {"decks": […]}',
            '题库和导出文件都是对象：{"deck": …} 或 {"decks": […]}',
        )
        root.settle()
    if not root.has("decks"):
        yield root
        return
    schema = root.get("schema")
    if schema and schema.value != "1":
        raise UnsoundError(
            [
                Problem(
                    path,
                    schema.line,
                    "written by a newer interview: upgrade, then import it",
                    "是更新版本的 interview 写的：请升级后再导入",
                )
            ]
        )
    root.items("decks", required=False)
    root.settle()


def read_csv(path: Path) -> Iterator[Node]:
    """Rows grouped by their deck, each card at the line that its row begins at."""
    csv.field_size_limit(LARGEST)  # its own limit is shorter than a card may be
    rows = csv.reader(io.StringIO(read_source(path, LARGEST), newline=""), strict=True)
    decks: dict[str, list[tuple[int, list[str]]]] = {}
    head: list[str] = []
    for line, row in numbered(rows, path):
        if not head:
            head = row
            check_head(path, head)
        elif len(row) > len(head):
            raise UnsoundError(
                [
                    Problem(
                        path,
                        line,
                        "more cells than the head has; quote a cell that holds a comma",
                        "单元格比表头多；含逗号的单元格请加引号",
                    )
                ]
            )
        else:
            decks.setdefault(row[head.index("deck")].strip(), []).append((line, row))
    if not decks:
        raise UnsoundError([Problem(path, 1, "no row but the head", "除了表头没有别的行")])
    for name in decks:
        yield deck_of(decks[name], head, path)
        decks[name] = []


def numbered(rows: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line that it begins at."""
    line = 1
    try:
        for row in rows:
            if row:
                yield line, row
            line = rows.line_num + 1
    except csv.Error as error:
        odd = (said for part, said in ODD_ROW.items() if part in str(error))
        said = next(odd, UNREADABLE_ROW)
        raise UnsoundError([Problem(path, line, f"not csv: {said.en}", f"不是 csv：{said.zh}")]) from None


def check_head(path: Path, head: list[str]) -> None:
    unknown = [name for name in head if name not in COLUMNS]
    missing = [name for name in ("deck", "id", "kind") if name not in head]
    problems = [
        Problem(
            path,
            1,
            f"unknown column `{name[:40]}`; known: {', '.join(COLUMNS)}",
            f"不认识的列 `{name[:40]}`；可用：{'、'.join(COLUMNS)}",
        )
        for name in unknown
    ]
    problems += [
        Problem(
            path,
            1,
            f"the column `{name}` is missing; `interview export --to csv FILE` shows one",
            f"缺少列 `{name}`；格式可参照 `interview export --to csv FILE`",
        )
        for name in missing
    ]
    if problems:
        raise UnsoundError(problems)


def deck_of(rows: list[tuple[int, list[str]]], head: list[str], path: Path) -> Node:
    """The deck of these rows; its title, its note and its needs are those of the first."""
    line, first = rows[0]
    cells = cells_of(first, head)
    name = cells.get("deck", "").strip()
    problems: list[Problem] = []
    deck = Node(path, line, {}, problems)
    deck.value |= {"deck": text(deck, name, line), "title": text(deck, name, line)}
    deck.value |= {key: said for key in ("title", "note") if (said := words(deck, cells, key, line))}
    if needs := split(cells.get("needs", "")):
        deck.value["needs"] = Node(path, line, [text(deck, each, line) for each in needs], problems)
    cards = [card_of(deck, cells_of(row, head), line) for line, row in rows]
    deck.value["cards"] = Node(path, line, cards, problems)
    return deck


def cells_of(row: list[str], head: list[str]) -> dict[str, str]:
    return dict(zip(head, map(unshield, row), strict=False))


def card_of(deck: Node, cells: Mapping[str, str], line: int) -> Node:
    """A row's card; empty cells are keys that are not there."""
    filled = {name: cell for name, cell in cells.items() if cell.strip() and name not in SCHEDULE}
    values: dict[str, Node] = {}
    for name in PLAIN:
        if name in filled:
            unquoted = name in ("rev", "level", "must_know")
            cell = filled[name].strip()
            values[name] = Node(deck.path, line, cell.lower() if unquoted else cell, deck.problems, plain=unquoted)
    for name in LISTS:
        entries = split(filled.get(name, ""))
        if entries:
            values[name] = Node(deck.path, line, [text(deck, entry, line) for entry in entries], deck.problems)
    for name in TEXTS:
        if said := words(deck, filled, name, line):
            values[name] = said
    card = Node(deck.path, line, values, deck.problems)
    if "more" in filled:
        add_more(card, filled["more"])
    if not is_ungraded(card):
        card.value.setdefault("rev", Node(deck.path, line, "1", deck.problems, plain=True))
    return card


def add_more(card: Node, cell: str) -> None:
    """The cell's lines are told as the row's: it is one line to whoever wrote it."""
    more = parse_json_node(cell, card.path, line=card.line)
    if not isinstance(more.value, dict):
        card.complain(
            '`more` is no JSON object; write {"rubric": […]}', '`more` 不是 JSON 对象；请写成 {"rubric": […]}'
        )
        return
    for problem in more.problems:
        card.complain(f"`more`: {problem.text}", f"`more`：{problem.zh}")
    for node in more.walk():
        node.line, node.problems = card.line, card.problems
    for key, value in more.value.items():
        if key in card.value:
            said = key[:40]
            card.complain(
                f"`{said}` stands in `more` and in its own column; keep one",
                f"`{said}` 在 `more` 和它自己的列里各有一份；请只留一个",
            )
        card.value[key] = value


def words(near: Node, cells: Mapping[str, str], name: str, line: int) -> Node | None:
    """The text in both its columns, or in one language, that of the one column that is filled."""
    said = {lang: text(near, cell, line) for lang in ("en", "zh") if (cell := cells.get(f"{name}_{lang}", "")).strip()}
    if len(said) < 2:
        return next(iter(said.values()), None)
    return Node(near.path, line, said, near.problems)


def text(near: Node, said: str, line: int) -> Node:
    if len(said) > LONG:
        near.problems.append(Problem(near.path, line, TOO_LONG.en, TOO_LONG.zh))
    return Node(near.path, line, said, near.problems)
