"""Fit the schedule to the person's own reviews, and keep what was found if it is better and wanted."""

from __future__ import annotations

import sys

from interview.cli.history import history
from interview.cli.settings import FITTED, save_parameters
from interview.cli.world import World
from interview.errors import InterviewError, UsageError
from interview.log.file import is_there
from interview.practice.insight.fit import ENOUGH, TooFew, fit
from interview.report.line import as_line
from interview.report.stats import ClearedJson, TooFewJson, fit_json
from interview.terminal.screens.stats import render_fit
from interview.terminal.screens.words import FitWords
from interview.terminal.tui.progress import Bar
from interview.text import Text


def fitting(world: World, deck: str | None, *, fit: bool, yes: bool, clear: bool, as_json: bool) -> int:
    """What `stats` does with --fit; the exit code."""
    refuse_mixed(deck, fit=fit, yes=yes, clear=clear)
    return back_to_defaults(world, as_json=as_json) if clear else fit_to_own(world, yes=yes, as_json=as_json)


def refuse_mixed(deck: str | None, *, fit: bool, yes: bool, clear: bool) -> None:
    if (yes or clear) and not fit:
        flag = "--yes" if yes else "--clear"
        raise UsageError(f"{flag} goes with --fit", f"{flag} 要和 --fit 一起用")
    if yes and clear:
        raise UsageError("--clear goes without --yes", "--clear 不能和 --yes 一起用")
    if fit and deck is not None:
        raise UsageError("--fit goes by the whole history, without a deck", "--fit 用的是整个历史，不能指定题库")


def fit_to_own(world: World, *, yes: bool, as_json: bool) -> int:
    """Show what a fit would bring; keep it if it is better, and wanted."""
    with history(world) as store, Bar(world.console(err=True), Text("fit", "拟合").say(world.lang)) as bar:
        found = fit([event for _, event in store.events()], world.settings.rules, bar)
    if isinstance(found, TooFew):
        if as_json:
            print(as_line(TooFewJson(found.reviews, found.missing)))
        raise too_few(found)
    if not as_json:
        console = world.console()
        default = not world.settings.rules.parameters
        console.print(render_fit(found, default=default, lang=world.lang, width=console.width))
    kept = found.better and (yes or (not as_json and agrees(world)))
    path = world.home() / FITTED
    if kept:
        save_parameters(world.home(), found.parameters, f"Fitted on {world.today()} to {found.reviews} reviews.")
    if as_json:
        print(as_line(fit_json(found, kept=kept)))
    elif not found.better:
        print(FitWords.worse.say(world.lang))
    elif kept:
        print(FitWords.kept.say(world.lang, path=path))
    else:
        print((FitWords.left if can_ask() else FitWords.unasked).say(world.lang))
    return 0 if found.better else 1


def too_few(found: TooFew) -> InterviewError:
    if found.missing:
        return InterviewError(
            f"a fit needs {ENOUGH} reviews, and {found.reviews} count so far: {found.missing} more",
            f"拟合需要 {ENOUGH} 次作答，目前有 {found.reviews} 次：还差 {found.missing} 次",
        )
    return InterviewError(
        f"{found.reviews} reviews, but on too few days: a fit learns from cards that came back on a later day, before"
        " the last fifth of the days and within it",
        f"有 {found.reviews} 次作答，但天数太少：拟合要看隔天再答的卡，最后五分之一的天数之前和之中都要有",
    )


def can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def agrees(world: World) -> bool:
    if not can_ask():
        return False
    print(FitWords.ask.say(world.lang), end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def back_to_defaults(world: World, *, as_json: bool) -> int:
    path = world.home() / FITTED
    there = is_there(path)
    path.unlink(missing_ok=True)
    if as_json:
        print(as_line(ClearedJson(path, there)))
    else:
        print((FitWords.cleared if there else FitWords.none).say(world.lang, path=path))
    return 0
