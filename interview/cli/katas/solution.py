"""The solution, `kata NAME --solution` and `--give-up`: once it is earned, a person's file beside one of ours."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from interview.cli.katas.note import warn, why_not
from interview.cli.world import World
from interview.content.katas.kata import Kata
from interview.content.katas.kata_file import load_kata
from interview.content.reading.problem import did_you_mean
from interview.drill.hand import RETURNS
from interview.errors import InterviewError, UsageError
from interview.log.record import KataEvent
from interview.log.store import Store
from interview.practice.answers.earning import Owed, is_passed, owed
from interview.practice.answers.likeness import LONGEST, Form, form_of
from interview.practice.answers.solution import Shown, answers_of, beside, without_task
from interview.practice.kata.ledger import note_give_up
from interview.practice.kata.submission import read_submission
from interview.practice.kata.workspace import untouched
from interview.printable import printable_line
from interview.terminal.screens.answers.words import SolutionWords

if TYPE_CHECKING:
    from interview.report.answers.solution import SolutionJson


def show_solution(world: World, folder: Path, path: Path, *, style: str | None, give_up: bool, as_json: bool) -> int:
    kata = load_kata(folder)
    check_style(kata, style)
    events = events_of(world, kata)
    given_up = give_up and not is_passed(events)
    if given_up:
        note(world, kata)
    elif missing := owed(world.home(), kata, events, world.now()):
        if as_json:
            from interview.report.answers.solution import owed_json

            print_json(owed_json(kata, path, missing))
        raise not_earned(kata, missing)
    shown = beside_ours(world, kata, path, style)
    if as_json:
        from interview.report.answers.solution import solution_json

        print_json(solution_json(shown, path, lang=world.lang, given_up=given_up))
        return 0
    from interview.terminal.screens.answers.solution import solution_lines

    console = world.console()
    if give_up:
        words = SolutionWords.given_up if given_up else SolutionWords.nothing
        console.print(words.say(world.lang, kata=kata.id, days=RETURNS), style="dim", soft_wrap=True)
        console.print()
    for line in solution_lines(shown, lang=world.lang, width=console.width):
        console.print(line, soft_wrap=True)
    return ask_on(world, kata)


def what_is_shown(world: World, kata: Kata, path: Path) -> Shown:
    """For a watch; InterviewError if it is not earned."""
    missing = owed(world.home(), kata, events_of(world, kata), world.now())
    if missing:
        raise not_earned(kata, missing)
    return beside_ours(world, kata, path, None)


def events_of(world: World, kata: Kata) -> list[KataEvent]:
    with Store.peek(world.home() / "history.db") as store:
        return store.kata_events(kata.id)


def beside_ours(world: World, kata: Kata, path: Path, style: str | None) -> Shown:
    answers = answers_of(kata)
    own, form, trouble = own_file(world, kata, path)
    pair = beside(answers, form, kata.provides, style)
    return Shown(kata, printable_line(path.name), without_task(own), trouble, pair, answers, style is not None)


def print_json(report: SolutionJson) -> None:
    from interview.report.line import as_line

    typer.echo(as_line(report))


def check_style(kata: Kata, style: str | None) -> None:
    known = [path.stem for path in kata.accepted]
    if style is not None and style not in known:
        raise UsageError(
            f"{kata.id} has no style `{style}`{did_you_mean(style, known) or ': it has ' + ', '.join(known)}",
            f"{kata.id} 没有写法 `{style}`{did_you_mean(style, known, 'zh') or '：有 ' + '、'.join(known)}",
        )


def note(world: World, kata: Kata) -> None:
    """The give-up in the history. Where that cannot be written the solution is shown all the same."""
    try:
        with Store.open(world.home() / "history.db") as store:
            note_give_up(store, world.home(), kata.id, now=world.now(), day=world.today())
    except Exception as error:
        warn(world, SolutionWords.not_noted, why_not(error, world.lang))


def not_earned(kata: Kata, owed: Owed) -> InterviewError:
    tries = f"{owed.tries} more different {'try' if owed.tries == 1 else 'tries'}" if owed.tries else ""
    minutes = f"{owed.minutes} more {'minute' if owed.minutes == 1 else 'minutes'}" if owed.minutes else ""
    zh = "、".join([f"{owed.tries} 次不同的作答"] * bool(owed.tries) + [f"{owed.minutes} 分钟"] * bool(owed.minutes))
    return InterviewError(
        f"the solution of {kata.id} is not earned yet: a pass, or {' and '.join(filter(None, (tries, minutes)))}."
        f" --give-up shows it now, and {kata.id} comes back in {RETURNS} days",
        f"{kata.id} 的解答还不能看：要么通过一次，要么再有{zh}。--give-up 现在就能看，"
        f"{kata.id} 会在 {RETURNS} 天后再来",
    )


def own_file(world: World, kata: Kata, path: Path) -> tuple[str, Form | None, str]:
    """The person's file and its form, and why there is none of them, or nothing to compare."""
    lang = world.lang
    try:
        submission = read_submission(path)
    except UsageError as error:
        return "", None, SolutionWords.alone.say(lang, why=error.say(lang))
    if submission.trouble:
        return "", None, SolutionWords.alone.say(lang, why=submission.trouble.say(lang))
    source = submission.source
    if untouched(kata.stub, source):
        return "", None, SolutionWords.untouched.say(lang)
    form = form_of(source, kata.provides)
    if form is None:
        words = SolutionWords.too_long if len(source) > LONGEST else SolutionWords.no_python
        return source, None, words.say(lang)
    return source, form, ""


def ask_on(world: World, kata: Kata) -> int:
    """What an interviewer asks next. At a terminal each answer waits for Enter; `q` leaves."""
    from interview.terminal.screens.answers.solution import answer_to, question

    console, lang = world.console(), world.lang
    waits = world.has_keyboard()
    if kata.after:
        console.print()
        console.print(SolutionWords.next.say(lang), style="bold")
    for number, each in enumerate(kata.after, 1):
        for line in question(number, each, lang, console.width):
            console.print(line, soft_wrap=True)
        if each.answer and waits:
            console.print(f"    {SolutionWords.press.say(lang)} ", style="dim", end="")
            said = sys.stdin.readline()
            if not said or said.strip().lower() == "q":
                return 0
        for line in answer_to(each, lang, console.width):
            console.print(line, soft_wrap=True)
    return 0
