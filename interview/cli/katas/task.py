"""The task: which kata is meant, whether its suite may run, the file that is handed out, and its hints."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from interview.cli.katas.note import is_stale, note_blank, warn, why_not
from interview.cli.world import World, is_our_suite
from interview.content.catalog import find_kata, kata_names, spelt
from interview.dataclass import dataclass
from interview.errors import UsageError
from interview.practice.kata.submission import read_submission
from interview.practice.kata.workspace import default_file, hand_out, hints_seen, next_hint, remember_hint
from interview.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from interview.content.katas.kata import Kata


EDITORS = ("vscode", "vim", "nvim")
VIM = "autocmd FileType python let &l:makeprg = 'interview kata %:t:r:S --check --plain --file %:S'"

NOT_REMEMBERED = Text("the next --hint shows this one again: {why}", "下次 --hint 还会显示这一条：{why}")


class TaskWords:
    written = Text("{file} is written: fill it in, then", "已写出 {file}：填好之后运行")
    kept = Text(
        "{file} is there already and was left as it is. To grade it:", "{file} 已经存在，没有改动。要判分请运行"
    )
    due = Text(
        "{kata} is due, and {file} has passed before: reading it is no recall. To keep it and begin with a blank one:",
        "{kata} 到期了，而 {file} 是以前通过的答案，看着它写不算回忆。要保留它并从空白文件开始，请运行",
    )
    next = Text("Next: {kata} ({title})", "下一道：{kata}（{title}）")
    next_due = Text("Due: {kata} ({title})", "到期：{kata}（{title}）")
    more_due = Text("{katas} more are due: `interview list`", "另有 {n} 道到期：`interview list`")
    all_wait = Text("No kata is due now, and none is left to begin.", "现在没有到期的手写题，也没有没做过的了。")
    comes = Text("{kata} comes back on {day}.", "{kata} 将在 {day} 再来。")
    none = Text("There are no katas.", "没有手写题。")
    vim = Text(
        "With this line in Vim or Neovim, `:make` checks the file at hand:",
        "在 Vim 或 Neovim 的配置里加上这一行，`:make` 就会检查当前文件：",
    )
    level = Text("level {level} · {minutes} minutes", "难度 {level} · {minutes} 分钟")


@dataclass(frozen=True, slots=True)
class Tools:
    """What is done with the file that was handed out: it is opened; the editor is told of its tasks."""

    opened: bool = False
    editor: str | None = None


NO_TOOLS = Tools()


def offer(world: World, file: Path | None, tools: Tools = NO_TOOLS) -> int:
    """Hand out the kata that is due, else the next that is unlocked."""
    from interview.cli.everything import everything
    from interview.practice.insight.today import next_kata

    today = world.today()
    with everything(world) as all_:
        katas = all_.katas
        chosen = next_kata(katas, today)
        console = world.console()
        if chosen is None:
            console.print((TaskWords.all_wait if katas else TaskWords.none).say(world.lang))
            coming = [(kata.task.memory.due, kata.id) for kata in katas if kata.task.memory.due]
            for day, kata in sorted(coming)[:1]:
                console.print(TaskWords.comes.say(world.lang, kata=kata, day=day))
            return 0
        words = TaskWords.next_due if chosen.status == "due" else TaskWords.next
        console.print(words.say(world.lang, kata=chosen.id, title=chosen.title.say(world.lang)), style="bold")
        more = sum(kata.status == "due" and kata is not chosen for kata in katas)
        if more:
            console.print(TaskWords.more_due.say(world.lang, n=more, katas=more), style="dim")
        console.print()
        return give(world, locate(world, chosen.id), file or default_file(chosen.id), tools)


def locate(world: World, name: str) -> Path:
    """The kata's folder; by its file's name too, whose `_` may stand for `-`."""
    known = kata_names(world.roots())
    called = spelt(name, known)
    dashed = name.replace("_", "-")
    folder = find_kata(world.roots(), dashed if called not in known and dashed in known else called)
    if folder is None:
        from interview.content.reading.problem import did_you_mean

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


def give(world: World, folder: Path, path: Path, tools: Tools = NO_TOOLS) -> int:
    """The task on the screen and in its file, and then whatever tools were asked for."""
    if tools.editor not in (None, *EDITORS):
        raise UsageError(
            f"--editor knows {', '.join(EDITORS)}, not {tools.editor!r}; any editor that reads FILE:LINE:COLUMN: can"
            " run --plain",
            f"--editor 认识 {'、'.join(EDITORS)}，不认识 {tools.editor!r}；能读 文件:行:列: 的编辑器都可以运行 --plain",
        )
    hand(world, folder, path)
    if tools.editor is not None:
        for line in introduce(world, tools.editor):
            print(line)
    if tools.opened:
        from interview.cli.tools.editor import open_editor
        from interview.practice.kata.places import begun_at

        open_editor(path, begun_at(path), keyboard=world.has_keyboard())
    return 0


def introduce(world: World, editor: str) -> list[str]:
    """What is done for an editor, or is to be done in it."""
    if editor != "vscode":
        return [TaskWords.vim.say(world.lang), VIM]
    from interview.cli.tools.vscode import write_tasks

    return write_tasks(Path.cwd(), world.lang)


def hand(world: World, folder: Path, path: Path) -> None:
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
    console.print(TaskWords.level.say(world.lang, level=kata.level, minutes=kata.minutes), style="dim")
    shown = path.name if path.parent == Path.cwd() else str(path)
    extra = "" if path == default_file(kata.id) else f" --file {shlex.quote(shown)}"
    if not new and is_old_and_due(world, kata.id, path):
        console.print(TaskWords.due.say(world.lang, kata=kata.id, file=shown))
        console.print(f"  interview kata {kata.id} --again{extra}", style="bold")
        return
    console.print((TaskWords.written if new else TaskWords.kept).say(world.lang, file=shown))
    console.print(f"  interview kata {kata.id} --check{extra}", style="bold")


def is_old_and_due(world: World, kata_id: str, path: Path) -> bool:
    """Is the kata due, and its file an answer that passed before?"""
    try:
        submission = read_submission(path)
    except UsageError:  # what lies there is no file: the check says so
        return False
    from interview.content.reading.source import digest

    return submission.trouble is None and is_stale(world, kata_id, digest(submission.source))


def asked_checks(kata: Kata, names: Sequence[str]) -> tuple[str, ...]:
    """The checks of `--only`, by their ids, each once; a `-` will do for a `_`."""
    known = [each.id for each in kata.checks]
    asked = dict.fromkeys(spelt(name.replace("-", "_"), known) for name in names)
    for name in asked:
        if name not in known:
            from interview.content.reading.problem import did_you_mean, printable

            shown = printable(name)
            raise UsageError(
                f"{kata.id} has no check `{shown}`{did_you_mean(name, known) or '.'} It has: {', '.join(known)}",
                f"{kata.id} 没有检查 `{shown}`{did_you_mean(name, known, 'zh') or '。'}全部检查：{'、'.join(known)}",
            )
    return tuple(asked)


def check_seed(seed: str | None) -> None:
    if seed is not None and not (seed.isdecimal() and seed.isascii() and len(seed) < 20 and int(seed) < 1 << 63):
        raise UsageError(
            f"--seed is a number below 2**63, as a verdict prints it, not {seed!r}",
            f"--seed 是判分时显示的、小于 2**63 的数，不能是 {seed!r}",
        )


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
            warn(world, NOT_REMEMBERED, why_not(error, world.lang))
    return 0
