"""Lint's report, for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from interview.content.problem import Problem, short


def render_problem(problem: Problem) -> Text:
    """`file:line: sentence`, on one line however long: editors jump to it."""
    return Text.assemble((f"{short(problem.path)}:{problem.line}:", "bold"), f" {problem.text}")


def render_end(problems: Sequence[Problem], *, cards: int, katas: int) -> Text:
    looked_at = f"{cards} cards, {katas} katas"
    if problems:
        return Text(f"{len(problems)} problems in {looked_at}", "red")
    return Text(f"sound: {looked_at}", "green")


def as_json(problems: Sequence[Problem], *, cards: int, katas: Sequence[dict[str, Any]]) -> dict[str, Any]:
    told = [{"file": str(each.path), "line": each.line, "text": each.text} for each in problems]
    return {"schema": 1, "problems": told, "cards": cards, "katas": list(katas)}
