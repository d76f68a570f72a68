"""The attempts at a kata: `kata NAME --attempts [N]`, `--diff A B`, `--restore N`, `--again`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import typer

from interview.cli.output import complain
from interview.cli.world import World, whole_path
from interview.content.katas.kata import Kata
from interview.content.katas.kata_file import load_kata
from interview.drill.attempts import Kept, attempts_of
from interview.errors import StoreError, UsageError
from interview.log.store import Store
from interview.practice.kata.attempts import Copy, State, copy_of, difference
from interview.practice.kata.submission import read_submission
from interview.practice.kata.workspace import default_file, write_new
from interview.printable import printable_line
from interview.terminal.screens.answers.words import AttemptsWords

PRESENT = "file"  # the person's file as it is now, where an attempt's number may stand


def show_attempts(world: World, folder: Path, number: int | None, *, as_json: bool) -> int:
    kata, attempts = load(world, folder)
    kept = [(each, copy_of(world.home(), each)) for each in attempts]
    one = None if number is None else kept[the_one(kata, attempts, number).number - 1]
    if as_json:
        from interview.report.answers.attempts import attempt_json, attempts_json
        from interview.report.line import as_line

        typer.echo(as_line(attempt_json(kata, *one, world.lang) if one else attempts_json(kata, kept, world.lang)))
        return 0
    from interview.terminal.screens.answers.attempts import list_lines, one_lines

    console = world.console()
    width = console.width
    found = one_lines(kata, *one, len(kept), world.lang, width) if one else list_lines(kata, kept, world.lang, width)
    for line in found:
        console.print(line, soft_wrap=True)
    if one:
        warn_of(world, one[1])
    return 0


def show_difference(world: World, folder: Path, path: Path, named: tuple[str, str], *, as_json: bool) -> int:
    kata, attempts = load(world, folder)
    before, after = (named_source(world, kata, attempts, path, each) for each in named)
    if as_json:
        from interview.report.answers.attempts import DifferenceJson
        from interview.report.line import as_line

        typer.echo(as_line(DifferenceJson(kata.id, *named, tuple(difference(before[1], after[1])))))
        return 0
    from interview.terminal.screens.answers.attempts import difference_lines

    console = world.console()
    for line in difference_lines(before, after, world.lang, console.width):
        console.print(line, soft_wrap=True)
    return 0


def restore_one(world: World, folder: Path, file: Path | None, number: int, *, as_json: bool) -> int:
    """An attempt in a file of its own: `./NAME.N.py`, or what --file names."""
    kata, attempts = load(world, folder)
    copy = whole(world, the_one(kata, attempts, number))
    path = whole_path(file) if file else default_file(kata.id).with_suffix(f".{number}.py")
    if not write_new(path, copy.source):
        raise UsageError(
            f"{path} is there already and was left as it is: name another file with --file",
            f"{path} 已经存在，没有改动：请用 --file 另外指定文件",
        )
    if as_json:
        from interview.report.answers.attempts import RestoredJson
        from interview.report.line import as_line

        typer.echo(as_line(RestoredJson(kata.id, number, path)))
    else:
        said = AttemptsWords.restored.say(world.lang, n=number, file=printable_line(shown(path)))
        world.console().print(said, soft_wrap=True)
    return 0


def begin_anew(world: World, folder: Path, path: Path, *, as_json: bool) -> int:
    """The present file among the attempts, a blank one in its place."""
    from interview.practice.kata.ledger import Begun, begin_again

    kata = load_kata(folder)
    with Store.open(world.home() / "history.db") as store:
        begun = begin_again(store, world.home(), kata, path, world.lang, now=world.now(), day=world.today())
        attempts = attempts_of(store.kata_events(kata.id))
    number = attempts[-1].number if begun is Begun.KEPT else None
    if as_json:
        from interview.report.answers.attempts import AgainJson
        from interview.report.line import as_line

        typer.echo(as_line(AgainJson(kata.id, path, number)))
        return 0
    from interview.cli.katas.task import TaskWords

    words = {Begun.NEW: TaskWords.written, Begun.BLANK: AttemptsWords.blank, Begun.KEPT: AttemptsWords.again}[begun]
    console = world.console()
    console.print(words.say(world.lang, file=printable_line(shown(path)), n=number), soft_wrap=True)
    extra = "" if path == default_file(kata.id) else f" --file {shlex.quote(shown(path))}"
    console.print(f"  interview kata {kata.id} --check{extra}", style="bold")
    return 0


def shown(path: Path) -> str:
    return path.name if path.parent == Path.cwd() else str(path)


def load(world: World, folder: Path) -> tuple[Kata, tuple[Kept, ...]]:
    kata = load_kata(folder)
    with Store.peek(world.home() / "history.db") as store:
        return kata, attempts_of(store.kata_events(kata.id))


def the_one(kata: Kata, attempts: Sequence[Kept], number: int) -> Kept:
    if not 1 <= number <= len(attempts):
        there = f"there are {len(attempts)}" if attempts else "there is none yet"
        zh = f"共有 {len(attempts)} 次" if attempts else "还没有作答"
        raise UsageError(
            f"{kata.id} has no attempt {number}: {there}; --attempts lists them",
            f"{kata.id} 没有第 {number} 次作答：{zh}；--attempts 列出全部",
        )
    return attempts[number - 1]


def named_source(world: World, kata: Kata, attempts: Sequence[Kept], path: Path, named: str) -> tuple[str, str]:
    """What is to be compared, and what it is called."""
    if named == PRESENT:
        submission = read_submission(path)
        if submission.trouble:
            raise UsageError(
                f"{path} cannot be compared: {submission.trouble.en}", f"{path} 不能比较：{submission.trouble.zh}"
            )
        said = AttemptsWords.present.say(world.lang, file=printable_line(path.name))
        return said, submission.source
    if not (named.isascii() and named.isdecimal() and len(named) < 10):
        raise UsageError(
            f"--diff compares numbers of attempts, or `{PRESENT}` for the present one, not `{named}`",
            f"--diff 比较的是作答的编号，或用 `{PRESENT}` 表示现在的文件，不能是 `{named}`",
        )
    kept = the_one(kata, attempts, int(named))
    return AttemptsWords.attempt.say(world.lang, kata=kata.id, n=kept.number, total=len(attempts)), whole(
        world, kept
    ).source


def whole(world: World, kept: Kept) -> Copy:
    """The copy of an attempt; StoreError if there is none any more that could be read."""
    copy = copy_of(world.home(), kept)
    if copy.state is not State.WHOLE and not copy.source:
        raise StoreError(
            f"{copy.path} is gone or cannot be read: only the verdict of attempt {kept.number} is left",
            f"{copy.path} 已不在，或者读不了：第 {kept.number} 次作答只剩判分结果",
        )
    warn_of(world, copy)
    return copy


def warn_of(world: World, copy: Copy) -> None:
    words = {State.MISSING: AttemptsWords.gone, State.CHANGED: AttemptsWords.edited}.get(copy.state)
    if words:
        complain(words.say(world.lang, path=printable_line(str(copy.path))))
