"""Lint's report, for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from interview.content.problem import Problem, short
from interview.proof.prove import Row

HEADS = {
    "en": ("kata", "checks", "accepted", "wrong answers caught", "seconds", "a verdict"),
    "zh": ("手写题", "检查", "正确解答通过", "错误解答抓到", "秒", "每次判分"),
}


MUTANTS = {"en": "mutants caught", "zh": "变异抓到"}


def render_problem(problem: Problem, lang: str) -> Text:
    """`file:line: sentence`, on one line however long: editors jump to it."""
    said = Text(problem.say(lang))
    said.stylize("bold", 0, len(f"{short(problem.path)}:{problem.line}:"))
    return said


def render_end(problems: Sequence[Problem], lang: str, *, cards: int, katas: int, proved: bool) -> Text:
    looked_at = f"{count(cards, 'card')}, {count(katas, 'kata')}"
    found, style = count(len(problems), "problem"), "red" if problems else "green" if proved else "yellow"
    if lang == "zh":
        looked_at = f"{cards} 张卡片，{katas} 道手写题"
        return Text(
            f"{looked_at}：有 {len(problems)} 处问题"
            if problems
            else f"{looked_at}：没有问题"
            if proved
            else f"{looked_at}：只看文本没有问题",
            style,
        )
    return Text(
        f"{found} in {looked_at}"
        if problems
        else f"sound: {looked_at}"
        if proved
        else f"sound as far as reading can tell: {looked_at}",
        style,
    )


def count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def render_table(rows: Sequence[Row], lang: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    first, *rest = HEADS[lang]
    table.add_column(first)
    mutants = any(row.mutants_of for row in rows)
    for name in (*rest, *([MUTANTS[lang]] if mutants else [])):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            row.kata,
            str(row.checks),
            share(row.accepted, row.accepted_of, lang),
            share(row.caught, row.caught_of, lang),
            f"{row.seconds:.1f}",
            f"{row.verdict:.2f} {'秒' if lang == 'zh' else 's'}",
            *([share(row.mutants, row.mutants_of, lang)] if mutants else []),
        )
    return table


def share(good: int, of: int, lang: str) -> Text:
    return Text(f"{good}/{of}" if lang == "zh" else f"{good} of {of}", "green" if good == of else "red")


def as_json(
    problems: Sequence[Problem], rows: Sequence[Row], unproved: Mapping[Path, object], *, cards: int
) -> dict[str, Any]:
    told = [{"file": str(each.path), "line": each.line, "text": each.text} for each in problems]
    asked = [{"path": str(path), "text": str(reason)} for path, reason in unproved.items()]
    return {
        "schema": 1, "problems": told, "unproved": asked, "cards": cards, "katas": [asdict(row) for row in rows]
    }  # fmt: skip
