"""The report of lint, for a person."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from interview.content.reading.problem import Problem, short
from interview.proof.findings import Findings
from interview.proof.katas.prove import Row
from interview.terminal.screens.words import LintWords
from interview.terminal.text.words import several


def render_problem(problem: Problem, lang: str) -> Text:
    """`file:line: sentence`, on one line however long: editors jump to it."""
    said = Text(problem.say(lang))
    said.stylize("bold", 0, len(f"{short(problem.path)}:{problem.line}:"))
    return said


def render_end(found: Findings, lang: str) -> Text:
    problems, proved = len(found.problems), not found.unproved
    style = "red" if problems else "green" if proved else "yellow"
    cards, katas = several(found.cards, "cards"), several(found.katas, "katas")
    looked_at = LintWords.looked_at.say(lang, cards=cards, katas=katas, n_cards=found.cards, n_katas=found.katas)
    words = LintWords.problems if problems else LintWords.sound if proved else LintWords.sound_as_read
    said = words.say(lang, problems=several(problems, "problems"), n=problems, looked_at=looked_at)
    return Text(said, style)


def render_remembered(found: Findings, lang: str) -> Text | None:
    """That something was proved before and not again, if so."""
    decks, katas = sum(found.decks.values()), sum(row.remembered for row in found.rows)
    said = [LintWords.decks.say(lang, decks=several(decks, "decks"), n=decks)] if decks else []
    said += [LintWords.katas.say(lang, katas=several(katas, "katas"), n=katas)] if katas else []
    return Text(LintWords.unchanged.say(lang, what=LintWords.and_.say(lang).join(said)), "dim") if said else None


def render_table(rows: Sequence[Row], lang: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    first, *rest = (head.say(lang) for head in LintWords.heads)
    table.add_column(first)
    mutants = any(row.mutants_of for row in rows)
    for name in (*rest, *([LintWords.mutants.say(lang)] if mutants else [])):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            row.kata,
            str(row.checks),
            share(row.accepted, row.accepted_of, lang),
            share(row.caught, row.caught_of, lang),
            Text(LintWords.remembered.say(lang), "dim") if row.remembered else f"{row.seconds:.1f}",
            LintWords.seconds.say(lang, n=row.verdict),
            *([share(row.mutants, row.mutants_of, lang, row.equivalent)] if mutants else []),
        )
    return table


def share(good: int, of: int, lang: str, excused: int = 0) -> Text:
    said = f"{good} + {excused}" if excused else f"{good}"
    return Text(LintWords.share.say(lang, good=said, of=of), "green" if good + excused == of else "red")
