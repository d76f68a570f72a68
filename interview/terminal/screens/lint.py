"""The report of lint, for a person."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from interview.content.reading.problem import Problem, short
from interview.proof.findings import Findings
from interview.proof.katas.prove import Row

HEADS = {
    "en": ("kata", "checks", "accepted", "wrong answers caught", "seconds", "a verdict"),
    "zh": ("手写题", "检查", "正确解答通过", "错误解答抓到", "秒", "每次判分"),
}


REMEMBERED = {"en": "remembered", "zh": "沿用"}
MUTANTS = {"en": "mutants caught + equivalent", "zh": "变异抓到 + 等价"}


def render_problem(problem: Problem, lang: str) -> Text:
    """`file:line: sentence`, on one line however long: editors jump to it."""
    said = Text(problem.say(lang))
    said.stylize("bold", 0, len(f"{short(problem.path)}:{problem.line}:"))
    return said


def render_end(found: Findings, lang: str) -> Text:
    problems, proved = len(found.problems), not found.unproved
    style = "red" if problems else "green" if proved else "yellow"
    if lang == "zh":
        looked_at = f"{found.cards} 张卡片，{found.katas} 道手写题"
        said = f"有 {problems} 处问题" if problems else "没有问题" if proved else "只看文本没有问题"
        return Text(f"{looked_at}：{said}", style)
    looked_at = f"{count(found.cards, 'card')}, {count(found.katas, 'kata')}"
    if problems:
        return Text(f"{count(problems, 'problem')} in {looked_at}", style)
    return Text(f"{'sound' if proved else 'sound as far as reading can tell'}: {looked_at}", style)


def render_remembered(found: Findings, lang: str) -> Text | None:
    """That something was proved before and not again, if so."""
    decks, katas = sum(found.decks.values()), sum(row.remembered for row in found.rows)
    if lang == "zh":
        said = [f"{n} {what}" for n, what in ((decks, "个题库"), (katas, "道手写题")) if n]
        text = f"{'、'.join(said)}自上次验证后没有改动，沿用结果；--fresh 重新验证"
    else:
        said = [count(n, what) for n, what in ((decks, "deck"), (katas, "kata")) if n]
        text = f"remembered: {' and '.join(said)}, unchanged since proved; --fresh proves anew"
    return Text(text, "dim") if said else None


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
            Text(REMEMBERED[lang], "dim") if row.remembered else f"{row.seconds:.1f}",
            f"{row.verdict:.2f} {'秒' if lang == 'zh' else 's'}",
            *([share(row.mutants, row.mutants_of, lang, row.equivalent)] if mutants else []),
        )
    return table


def share(good: int, of: int, lang: str, excused: int = 0) -> Text:
    said = f"{good} + {excused}" if excused else f"{good}"
    return Text(f"{said}/{of}" if lang == "zh" else f"{said} of {of}", "green" if good + excused == of else "red")
