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


def render_problem(problem: Problem) -> Text:
    """`file:line: sentence`, on one line however long: editors jump to it."""
    return Text.assemble((f"{short(problem.path)}:{problem.line}:", "bold"), f" {problem.text}")


def render_end(problems: Sequence[Problem], *, cards: int, katas: int, proved: bool) -> Text:
    looked_at = f"{count(cards, 'card')}, {count(katas, 'kata')}"
    if problems:
        return Text(f"{count(len(problems), 'problem')} in {looked_at}", "red")
    if not proved:
        return Text(f"sound as far as reading can tell: {looked_at}", "yellow")
    return Text(f"sound: {looked_at}", "green")


def count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def render_table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("kata")
    for name in ("checks", "accepted", "wrong answers caught", "seconds", "a verdict"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            row.kata,
            str(row.checks),
            share(row.accepted, row.accepted_of),
            share(row.caught, row.caught_of),
            f"{row.seconds:.1f}",
            f"{row.verdict:.2f} s",
        )
    return table


def share(good: int, of: int) -> Text:
    return Text(f"{good} of {of}", "green" if good == of else "red")


def as_json(
    problems: Sequence[Problem], rows: Sequence[Row], unproved: Mapping[Path, object], *, cards: int
) -> dict[str, Any]:
    told = [{"file": str(each.path), "line": each.line, "text": each.text} for each in problems]
    asked = [{"path": str(path), "text": str(reason)} for path, reason in unproved.items()]
    return {
        "schema": 1, "problems": told, "unproved": asked, "cards": cards, "katas": [asdict(row) for row in rows]
    }  # fmt: skip
