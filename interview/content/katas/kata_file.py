"""The kata file into a Kata: `load_kata` to solve it, `survey_kata` for all its complaints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from interview.content.katas.kata import Check, Equivalent, FollowUp, Kata, KataMistake, Limits, Style
from interview.content.katas.library import complete, filled, nouns, suite_folder
from interview.content.katas.mutants import REFERENCE, Edit, Variant
from interview.content.reading.field import LONG, Node, entry_of, named, once
from interview.content.reading.need import parse_needs
from interview.content.reading.node import load_node
from interview.content.reading.problem import Problem, UnsoundError
from interview.content.reading.source import read_source
from interview.text import Text

CHECK, MISTAKE = Text("a check", "检查"), Text("a mistake", "错误")
EDIT, VARIANTS, MUTANT = Text("an edit", "修改"), Text("a variant", "写法"), Text("a mutant", "变异")
STYLE = Text("a style", "写法")
KEYS = (
    "kata", "title", "level", "minutes", "needs", "limits", "provides", "forbidden", "hints", "family", "unit", "suite",
    "checks", "mistakes", "equivalent", "after", "styles",
)  # fmt: skip
VARIANT = ("base", "old", "new", "edits")  # one way to make a mistake
FILLED = re.compile(r"\{\{|\}\}|\{[A-Za-z_]\w*(?::[+,]?(?:\.\d\d?)?[a-z%]?)?\}")


def load_kata(folder: Path, agreed: Mapping[str, str] | None = None) -> Kata:
    """The kata of one folder, or a ContentError that names its first complaints. `agreed`: see Kata."""
    node = load_node(folder / "kata.yaml")
    kata = survey_kata(node, folder)
    node.settle()
    return replace(kata, agreed=agreed)


def survey_kata(node: Node, folder: Path) -> Kata:
    """The kata as far as it can be read; the complaints are left in `node.problems`."""
    sound = not node.problems and node.is_mapping(Text("a kata", "手写题"))
    entry = node if sound else Node(node.path, 1, {}, [])
    entry.unknown(*KEYS)
    entry = complete(entry, folder)
    words = nouns(entry)
    lender = suite_folder(entry, folder)
    kata = Kata(
        id=entry.id("kata"),
        title=entry.text("title"),
        level=entry.integer("level", most=5),
        minutes=entry.integer("minutes", most=600),
        limits=parse_limits(entry),
        provides=entry.strings("provides", required=True),
        forbidden=entry.strings("forbidden"),
        hints=texts(entry, "hints", required=True),
        checks=tuple(replace(each, rule=filled(each.rule, words)) for each in parse_checks(entry)),
        mistakes=tuple(replace(each, text=filled(each.text, words)) for each in parse_mistakes(entry)),
        after=parse_after(entry),
        equivalents=parse_equivalents(entry),
        prompt=Text(*(read(folder / f"prompt.{lang}.md", node.problems) for lang in ("en", "zh"))),
        stub=read(folder / "stub.py", node.problems),
        folder=folder,
        lender=None if lender == folder else lender,
        needs=parse_needs(entry),
        styles=parse_styles(entry),
    )
    if kata.id and kata.id != folder.name:
        said = kata.id[:40]
        entry.complain(
            f"`kata` is `{said}`; name the folder {said}, or the kata {folder.name}",
            f"`kata` 是 `{said}`；请把文件夹改名为 {said}，或把手写题改名为 {folder.name}",
        )
    return kata


def read(path: Path, problems: list[Problem]) -> str:
    try:
        text = read_source(path)
    except UnsoundError as error:
        problems.extend(error.problems)
        return ""
    if not text.strip():
        problems.append(Problem(path, 1, "the file is empty; write it", "文件是空的；请写上内容"))
    if len(text) > LONG:
        problems.append(
            Problem(
                path,
                1,
                f"longer than {LONG} characters; nobody reads that in a terminal",
                f"超过 {LONG} 个字符；没人会在终端里读完",
            )
        )
        return ""
    return text


def parse_limits(node: Node) -> Limits:
    limits = node.get("limits")
    if limits is None or not limits.is_mapping(named("limits")):
        return Limits(10.0, 1024)
    limits.unknown("seconds", "memory_mib")
    seconds = limits.number("seconds") if limits.has("seconds") else 10.0
    if not 0 < seconds <= 600:
        limits.complain(
            f"`seconds` is {seconds:g}; give more than 0 and at most 600",
            f"`seconds` 是 {seconds:g}；要大于 0，最多 600",
        )
    return Limits(seconds, limits.integer("memory_mib", least=64, most=65536) if limits.has("memory_mib") else 1024)


def texts(node: Node, key: str, *, required: bool = False) -> tuple[Text, ...]:
    entries = node.items(key, required=required)
    for entry in entries:
        entry.unknown("en", "zh")
    return tuple(entry.as_text(entry_of(key)) for entry in entries)


def parse_checks(node: Node) -> tuple[Check, ...]:
    entries = mappings(node, "checks", CHECK, required=True)
    once(entries, "id", CHECK)
    checks = []
    for entry in entries:
        entry.unknown("id", "title", "after_check", "en", "zh", "cards")
        checks.append(
            Check(
                id=name(entry),
                title=entry.text("title"),
                rule=entry.as_text(CHECK),
                after=entry.maybe_string("after_check"),
                cards=entry.strings("cards"),
            )
        )
    return tuple(checks)


def parse_mistakes(node: Node) -> tuple[KataMistake, ...]:
    entries = mappings(node, "mistakes", MISTAKE)
    once(entries, "id", MISTAKE)
    for entry in entries:
        entry.unknown("id", "caught_by", "en", "zh", *VARIANT, "variants")
        for said in (entry.get("en"), entry.get("zh")):
            if said and isinstance(said.value, str) and set("{}") & set(FILLED.sub("", said.value)):
                said.complain(
                    "a brace that is not filled: write {name} or {name:.2f}, and a brace itself as {{ or }}",
                    "有填不上的花括号：请写 {name} 或 {name:.2f}，花括号本身写成 {{ 或 }}",
                )
    return tuple(
        KataMistake(
            name(entry), entry.strings("caught_by", required=True), entry.as_text(MISTAKE), parse_variants(entry)
        )
        for entry in entries
    )


def parse_equivalents(node: Node) -> tuple[Equivalent, ...]:
    entries = mappings(node, "equivalent", MUTANT)
    for entry in entries:
        entry.unknown("was", "becomes", "why")
    return tuple(
        Equivalent(entry.string("becomes"), entry.string("why"), entry.line, entry.maybe_string("was"))
        for entry in entries
    )


def parse_after(node: Node) -> tuple[FollowUp, ...]:
    """`ask` and `answer`, or one paragraph in both languages that says both."""
    found = []
    for entry in node.items("after", required=False):
        if entry.has("en") or entry.has("zh"):
            entry.unknown("en", "zh")
            found.append(FollowUp(entry.as_text(entry_of("after"))))
        elif entry.is_mapping(entry_of("after")):
            entry.unknown("ask", "answer")
            found.append(FollowUp(entry.text("ask"), entry.text("answer")))
    return tuple(found)


def parse_styles(node: Node) -> tuple[Style, ...]:
    entries = mappings(node, "styles", STYLE)
    for entry in entries:
        entry.unknown("file", "title", "en", "zh", "cost")
    return tuple(
        Style(
            file=entry.string("file"),
            title=entry.text("title"),
            why=entry.as_text(STYLE),
            cost=entry.maybe_text("cost"),
            line=entry.line,
        )
        for entry in entries
    )


def parse_variants(entry: Node) -> tuple[Variant, ...]:
    """The edits of the mistake itself, and under `variants` other ways to make it."""
    own = [entry] if any(entry.has(key) for key in VARIANT) else []
    others = mappings(entry, "variants", VARIANTS)
    for each in others:
        each.unknown(*VARIANT)
    return tuple(variant for each in (*own, *others) if (variant := parse_variant(each)).edits)


def parse_variant(node: Node) -> Variant:
    """`old` and `new`, or a list of such pairs under `edits`; `base` is another accepted answer."""
    if node.has("edits") and (node.has("old") or node.has("new")):
        node.complain(
            "`old` and `edits` beside each other; write all the edits under `edits`",
            "`old` 和 `edits` 不能并存；请把修改都写在 `edits` 下",
        )
    edits = mappings(node, "edits", EDIT, required=True) if not node.has("old") else [node]
    for each in edits:
        if each is not node:
            each.unknown("old", "new")
    made = tuple(
        Edit(each.string("old").strip("\n"), replacement(each), (each.get("old") or each).line) for each in edits
    )
    return Variant(made, node.string("base") if node.has("base") else REFERENCE)


def replacement(node: Node) -> str:
    """What takes the place of `old`; empty where it is deleted."""
    new = node.get("new")
    return new.value.strip("\n") if new is not None and new.value == "" else node.string("new").strip("\n")


def name(node: Node) -> str:
    """Checks and mistakes are names in Python too: `test_ID`, `Mistake("ID")`, `wrong_answer/ID.py`."""
    said = node.id("id")
    if said and not said.isidentifier():
        node.complain(
            f"the id `{said[:40]}` is not a Python name; use a-z, 0-9 and `_`",
            f"编号 `{said[:40]}` 不是 Python 的名字；请用 a-z、0-9 和 `_`",
        )
    return said


def mappings(node: Node, key: str, what: Text, *, required: bool = False) -> list[Node]:
    return [entry for entry in node.items(key, required=required) if entry.is_mapping(what)]
