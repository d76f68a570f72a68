"""Hand out a task, or grade your answer with --check.

`interview kata NAME` writes ./NAME.py with the task and an empty function, and never writes over a file that is
there. Fill it in, then `interview kata NAME --check` grades it with a hidden test suite.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interview.cli.completing import complete_kata
from interview.cli.world import World, is_our_suite, whole_path
from interview.content.catalog import find_kata, kata_names, spelt
from interview.content.reading.source import read_source
from interview.errors import InterviewError, UsageError
from interview.practice.kata.submission import Submission, read_submission
from interview.practice.kata.workspace import default_file, hand_out, hints_seen, next_hint, remember_hint, untouched
from interview.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interview.content.katas.kata import Kata
    from interview.grading.graders import Graders
    from interview.grading.verdict import Verdict


class KataWords:
    written = Text("{file} is written: fill it in, then", "已写出 {file}：填好之后运行")
    kept = Text(
        "{file} is there already and was left as it is. To grade it:", "{file} 已经存在，没有改动。要判分请运行"
    )
    judging = Text("{kata}: judging …", "{kata}：正在判题 …")
    not_noted = Text(
        "this attempt was not noted, and no card is due for it: {why}",
        "这次作答没有记录，也没有让卡片到期：{why}",
    )
    not_dated = Text(
        "when it was handed out was not noted, so that its minutes are not counted: {why}",
        "没有记下领题时间，因此不会计时：{why}",
    )
    not_remembered = Text("the next --hint shows this one again: {why}", "下次 --hint 还会显示这一条：{why}")
    level = Text("level {level} · {minutes} minutes", "难度 {level} · {minutes} 分钟")


def command(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(help="The kata.", autocompletion=complete_kata)] = None,
    number: Annotated[int | None, typer.Argument(metavar="[N]", help="With --hint: one that was shown before.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Grade your file.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="With --check: again at every save.")] = False,
    file: Annotated[Path | None, typer.Option("--file", help="Your file, if it is not ./NAME.py.")] = None,
    hint: Annotated[bool, typer.Option("--hint", help="The hints shown so far and the next one.")] = False,
    seed: Annotated[str | None, typer.Option("--seed", help="Repeat a run exactly: the seed it printed.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every failed check in full.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="en or zh.")] = None,
    trust: Annotated[bool, typer.Option("--trust", help="Run a foreign pack's hidden suite without asking.")] = False,
) -> int:
    world: World = ctx.obj.speaking(lang)
    if name is None:
        return list_them(world)
    folder = locate(world, name)
    if (watch or everything or seed is not None or as_json) and not check:
        raise UsageError(
            "--watch, --all, --seed and --json go with --check", "--watch、--all、--seed 和 --json 要和 --check 一起用"
        )
    if number is not None and not hint:
        raise UsageError(
            f"the {number} goes with --hint: `interview kata {name} --hint {number}`",
            f"{number} 要和 --hint 一起用：`interview kata {name} --hint {number}`",
        )
    if hint:
        return show_hint(world, folder, number)
    agreed = agree_to(world, folder, given=trust) if check else None
    path = whole_path(file or default_file(name))
    if watch and check:
        if as_json or seed is not None:
            raise UsageError(
                "--json and --seed go with a single --check; leave --watch out",
                "--json 和 --seed 只用于单次 --check；请去掉 --watch",
            )
        from interview.cli.katas.watch import watch_file

        return watch_file(world, folder, path, agreed)
    if check:
        return grade_file(world, folder, path, agreed, seed=seed, everything=everything, as_json=as_json)
    return give(world, folder, path)


def list_them(world: World) -> int:
    for name in kata_names(world.roots()):
        world.console().print(name)
    return 0


def locate(world: World, name: str) -> Path:
    folder = find_kata(world.roots(), spelt(name, kata_names(world.roots())))
    if folder is None:
        from interview.content.reading.problem import did_you_mean

        known = kata_names(world.roots())
        raise UsageError(
            f"there is no kata `{name}`{did_you_mean(name, known) or '; `interview list` shows all'}",
            f"没有手写题 `{name}`{did_you_mean(name, known, 'zh') or '；`interview list` 列出全部'}",
        )
    return folder


def agree_to(world: World, folder: Path, *, given: bool) -> Mapping[str, str] | None:
    """A hidden suite runs with the person's rights: one that is not ours is named and asked about once.

    The files that were agreed to, so that no others run; None for our own.
    """
    if is_our_suite(folder):
        return None
    from interview.cli.trust import agree_to_suite

    return agree_to_suite(world, folder, given=given)


def give(world: World, folder: Path, path: Path) -> int:
    from interview.content.katas.kata_file import load_kata

    kata = load_kata(folder)
    new = hand_out(kata, path, world.lang)
    if new:
        note_blank(world, kata.id)
    console = world.console()
    from interview.terminal.text.prose import prose

    for line in prose(kata.prompt.say(world.lang).strip(), console.width):
        console.print(line, soft_wrap=True)
    console.print()
    console.print(KataWords.level.say(world.lang, level=kata.level, minutes=kata.minutes), style="dim")
    shown = path.name if path.parent == Path.cwd() else str(path)
    console.print((KataWords.written if new else KataWords.kept).say(world.lang, file=shown))
    extra = "" if path == default_file(kata.id) else f" --file {shlex.quote(shown)}"
    console.print(f"  interview kata {kata.id} --check{extra}", style="bold")
    return 0


def note_blank(world: World, kata_id: str) -> None:
    """The hand-out in the history; the file is there, whether that can be written or not."""
    from interview.log.store import Store
    from interview.practice.kata.ledger import note_hand_out

    try:
        with Store.open(world.home() / "history.db") as store:
            note_hand_out(store, kata_id, now=world.now(), day=world.today())
    except Exception as error:
        warn(world, KataWords.not_dated, why_not(error, world.lang))


def show_hint(world: World, folder: Path, number: int | None) -> int:
    """The rungs seen since the last pass and the next one; or one of those seen, which moves nothing."""
    from interview.content.katas.kata_file import load_kata
    from interview.terminal.screens.hints import hint_lines

    kata = load_kata(folder)
    home, console = world.home(), world.console()
    if number is not None:
        seen = hints_seen(home, kata.id)
        if not 1 <= number <= min(seen, len(kata.hints)):
            raise UsageError(
                f"hint {number} of {kata.id} has not been shown yet ({seen} so far): --hint alone shows the next one",
                f"{kata.id} 的第 {number} 条提示还没有显示过（已显示 {seen} 条）：只用 --hint 看下一条",
            )
    rung = next_hint(home, kata) if number is None else number - 1
    for line in hint_lines(kata, rung + 1, world.lang, console.width, first=number or 1):
        console.print(line, soft_wrap=True)
    if number is None:
        try:
            remember_hint(home, kata, rung)
        except OSError as error:
            warn(world, KataWords.not_remembered, why_not(error, world.lang))
    return 0


def grade_file(
    world: World,
    folder: Path,
    path: Path,
    agreed: Mapping[str, str] | None,
    *,
    seed: str | None,
    everything: bool,
    as_json: bool,
) -> int:
    """Read, judge, show, and note the attempt. The zygote starts before anything else that takes time."""
    check_seed(seed)
    submission = read_submission(path)
    graders: Graders | None = None
    if submission.trouble is None and not untouched(read_source(folder / "stub.py"), submission.source):
        from interview.grading.graders import Graders

        graders = Graders(world.roots())
        graders.living()

    def judge(kata: Kata, source: str, file: Path) -> Verdict:
        assert graders is not None
        return graders.grade(kata, source, file=file, seed=seed)

    try:
        from interview.content.katas.kata_file import load_kata
        from interview.practice.kata.checking import check
        from interview.terminal.tui.progress import Sign

        kata = load_kata(folder, agreed)
        with Sign(world.console(err=True), KataWords.judging.say(world.lang, kata=kata.id)):
            verdict = check(kata, submission, judge)
        if graders is not None:
            graders.dismiss()  # it takes a moment, in which the verdict is shown and noted
        if as_json:
            tell(world, verdict, submission)
        else:
            show(world, verdict, submission, kata, everything=everything)
    finally:
        if graders is not None:
            graders.close()
    return exit_code(verdict)


def check_seed(seed: str | None) -> None:
    if seed is not None and not (seed.isdecimal() and seed.isascii() and len(seed) < 20 and int(seed) < 1 << 63):
        raise UsageError(
            f"--seed is a number below 2**63, as a verdict prints it, not {seed!r}",
            f"--seed 是判分时显示的、小于 2**63 的数，不能是 {seed!r}",
        )


def show(world: World, verdict: Verdict, submission: Submission, kata: Kata, *, everything: bool) -> None:
    """The verdict on the screen, and only then a note of the attempt: a history that hangs or fails delays nothing."""
    from interview.terminal.screens.verdict import render

    console = world.console()
    try:
        for line in render(verdict, kata, lang=world.lang, width=console.width, everything=everything):
            console.print(line, soft_wrap=True)
    finally:  # a reader who has seen enough (`| head`) has made an attempt all the same
        note(world, verdict, submission)


def tell(world: World, verdict: Verdict, submission: Submission) -> None:
    """The verdict as JSON, with the attempt's number, or none where it could not be noted."""
    from interview.report.line import as_line
    from interview.report.verdict import verdict_json

    attempt = None
    try:
        attempt = note(world, verdict, submission)
    finally:
        typer.echo(as_line(verdict_json(verdict, lang=world.lang, attempt=attempt)))


def note(world: World, verdict: Verdict, submission: Submission) -> int | None:
    """Note the attempt, if it is one, and say so if that fails."""
    attempt, trouble = noted(world, verdict, submission)
    if trouble:
        warn(world, KataWords.not_noted, trouble)
    return attempt


def noted(world: World, verdict: Verdict, submission: Submission) -> tuple[int | None, str]:
    """The attempt's number once it is on disk, or why it is not. No fault of the history takes a verdict away."""
    from interview.log.store import Store
    from interview.practice.kata.checking import counts, record

    if not counts(verdict):
        return None, ""
    try:
        now, today = world.now(), world.today()
        with Store.open(world.home() / "history.db") as store:
            return record(store, world.home(), verdict, submission.source, now=now, day=today), ""
    except Exception as error:
        return None, why_not(error, world.lang)


def why_not(error: Exception, lang: str) -> str:
    """What kept us from writing, in a sentence; a bug of ours leaves its traceback in a file."""
    if isinstance(error, InterviewError):
        return error.say(lang)
    from interview.cli.crash import log_crash, refusal

    if isinstance(error, OSError | UnicodeError | MemoryError):
        return refusal(error, lang)
    return log_crash(lang)


def warn(world: World, what: Text, why: str) -> None:
    from interview.cli.output import complain

    complain(what.say(world.lang, why=why))


def exit_code(verdict: Verdict) -> int:
    return {"passed": 0, "broken": 4}.get(verdict.status.value, 1)
