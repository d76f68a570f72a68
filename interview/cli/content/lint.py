"""Is the content sound? Decks and katas, ours or yours: every problem as file:line, and what to do.

A pack brings code: its proofs and hidden suites run only if you agree, at the question or with --trust. Exit code 1
when there are problems, else 2 when something was not proved for want of your word. What was proved before and has
not changed since is not proved again; --fresh does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from interview.cli.content.lint_watch import watch_kata
from interview.cli.trust import consent
from interview.cli.world import World, is_our_suite, is_ours
from interview.content.cards.deck import Deck
from interview.content.catalog import clashes
from interview.content.katas.kata import Kata
from interview.dataclass import dataclass
from interview.errors import UsageError
from interview.grading.graders import Graders
from interview.proof.decks.prove import deck_source, prove_claims
from interview.proof.findings import Findings
from interview.proof.katas.proofs import Proofs, Took
from interview.proof.katas.prove import Row, is_sound, prove_katas, sound_row, took
from interview.proof.lint import Reading, read
from interview.proof.lint import lock as write_locks
from interview.proof.scope import Scope, scope_of
from interview.proof.trust import kata_source
from interview.report.line import as_line
from interview.report.lint import lint_json
from interview.terminal.screens.lint import render_end, render_problem, render_remembered, render_table
from interview.terminal.tui.progress import Bar
from interview.text import Text

MOST_RUNS = 1_000


class LintingWords:
    cards = Text("cards", "卡片")
    katas = Text("katas", "手写题")
    not_proved = Text("not proved: ", "没有验证：")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a proof is to be: how often right answers are judged, with mechanical mutants or not, with leave given."""

    runs: int
    mutants: bool
    trust: bool


def command(
    ctx: typer.Context,
    path: Annotated[Path | None, typer.Argument(help="A pack, a deck's file or a kata's folder.")] = None,
    runs: Annotated[
        int, typer.Option(min=1, max=MOST_RUNS, help="How often accepted answers are judged, with fresh seeds.")
    ] = 3,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Try every change of a single node of two right answers as well.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Prove anew what was proved before.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="One kata, and again at every save.")] = False,
    lock: Annotated[bool, typer.Option("--lock", help="Write questions/ids.lock from sound decks.")] = False,
    trust: Annotated[bool, typer.Option("--trust", help="Run the code of a pack without asking.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    world: World = ctx.obj
    scope = scope_of(path, world.roots())
    asked = Asked(runs, mutants, trust)
    cache = world.cache()
    proofs = Proofs(cache and cache / "proofs", f"runs {runs}", f"mutants {mutants}", fresh=fresh)
    if watch:
        if as_json_ or lock:
            raise UsageError(
                "--json and --lock go with a single lint; leave --watch out",
                "--json 和 --lock 只用于单次 lint；请去掉 --watch",
            )
        watch_kata(world, scope, lambda heed: examine(world, scope, asked, proofs, heed), report)
    if lock:
        write_locks(scope, read(scope, is_ours).decks)
    found = examine(world, scope, asked, proofs)
    clashing = clashes(world.roots()) if path is None else ()
    found = replace(found, problems=tuple(sorted({*found.problems, *clashing})))
    if as_json_:
        print(as_line(lint_json(found)))
    else:
        report(world, found)
    for reason in dict.fromkeys(found.unproved.values()):
        print(f"interview: {LintingWords.not_proved.say(world.lang)}{reason.say(world.lang)}", file=sys.stderr)
    raise typer.Exit(1 if found.problems else 2 if found.unproved else 0)


def examine(
    world: World, scope: Scope, asked: Asked, proofs: Proofs, heed: Callable[[], None] = lambda: None
) -> Findings:
    """Read all of `scope`, prove what was not proved before, and keep what is sound. `heed` is called on the way, and
    may end it by an exception."""
    proofs.begin((*scope.decks, *scope.katas))
    reading = read(scope, is_ours)
    decks, katas, unproved = agreed(world, reading, given=asked.trust)
    known = {deck.path for deck in decks if proofs.kept(deck.path)}
    with Bar(world.console(err=True), LintingWords.cards.say(world.lang)) as bar:
        rest = [deck for deck in decks if deck.path not in known]
        claimed = prove_claims(rest, reading.lines, bar)
    for deck in rest:
        if not any(each.path == deck.path for each in claimed):
            proofs.keep(deck.path, Took())
    rows = {kata.folder: row for kata in katas if (row := known_row(kata, asked, proofs))}
    with Bar(world.console(err=True), LintingWords.katas.say(world.lang)) as bar:

        def tell(done: int, of: int) -> None:
            if done:
                bar(done, of)
            heed()

        made = prove_katas([kata for kata in katas if kata.folder not in rows], reading.kata_lines, Graders, tell,
                           runs=asked.runs, jobs=os.cpu_count() or 1, mechanical=asked.mutants)  # fmt: skip
    for proof in made:
        rows[proof.kata.folder] = proof.row
        if is_sound(proof, mechanical=asked.mutants):
            proofs.keep(proof.kata.folder, took(proof.row))
    judged = [problem for proof in made for problem in proof.problems]
    return Findings(
        problems=tuple(sorted({*reading.problems, *claimed, *judged})),
        rows=tuple(rows[kata.folder] for kata in katas),
        decks={deck.path: deck.path in known for deck in reading.decks},
        cards=sum(len(deck.cards) for deck in reading.decks),
        katas=len(scope.katas),
        unproved=unproved,
    )


def known_row(kata: Kata, asked: Asked, proofs: Proofs) -> Row | None:
    """The kata's line where it was proved before, as it is now."""
    known = proofs.kept(kata.folder)
    return sound_row(kata, known, mechanical=asked.mutants) if known else None


def agreed(world: World, reading: Reading, *, given: bool) -> tuple[list[Deck], list[Kata], dict[Path, UsageError]]:
    """The decks and katas whose code may run, and by its path why each other may not."""
    decks = [(deck, None if is_ours(deck.path) else deck_source(deck)) for deck in reading.decks]
    katas = [(kata, None if is_our_suite(kata.folder) else kata_source(kata.folder)) for kata in reading.katas]
    asked = [source for _, source in (*decks, *katas) if source]
    refused = {} if given else consent(world, asked)
    return (
        [deck for deck, source in decks if source not in refused],
        [replace(kata, agreed=source.files if source else None) for kata, source in katas if source not in refused],
        {source.path: reason for source, reason in refused.items()},
    )


def report(world: World, found: Findings) -> None:
    console, lang = world.console(), world.lang
    for problem in found.problems:
        console.print(render_problem(problem, lang), soft_wrap=True)
    if found.rows:
        console.print(render_table(found.rows, lang))
    remembered = render_remembered(found, lang)
    if remembered:
        console.print(remembered)
    console.print(render_end(found, lang))
