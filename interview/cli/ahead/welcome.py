"""The first day's three questions: the interview's date, the minutes a day, the role; then a first step is proposed.

They are put once, by `interview` at a terminal, to whoever has no history and no plan. What is answered is kept as
`interview plan` keeps it. That they were put is known by plan.toml being there, so it is written when all three were
skipped, too; whoever leaves on the way (Ctrl-C, Ctrl-D) leaves everything as it was and is asked again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from rich.text import Text as Styled

from interview.cli.ahead.plan import change, read_date, read_role
from interview.cli.output import complain
from interview.cli.settings import CONFIG, MOST_MINUTES, PLAN, Settings, read_table, role_of, save_plan
from interview.cli.world import World
from interview.content.reading.need import Step
from interview.content.reading.problem import printable
from interview.content.roles import roles
from interview.drill.plan import MINUTES
from interview.errors import UsageError, in_chinese
from interview.log.file import is_there
from interview.practice.insight.path import Path, first_step
from interview.terminal.text.wrap import wrap
from interview.text import Text

T = TypeVar("T")


class WelcomeWords:
    head = Text(
        "Three questions, so that your days can be planned. Enter skips one; Ctrl-C leaves everything as it is.",
        "先问三个问题，好安排每天的内容。按 Enter 跳过，按 Ctrl-C 退出，什么都不会改动。",
    )
    date = Text("When is the interview? (2026-12-14)", "哪天面试？（如 2026-12-14）")
    the_date = Text("the date", "日期")
    minutes = Text("How many minutes a day? ({minutes})", "每天多少分钟？（如 {minutes}）")
    role = Text("For which role? (a name or its number)", "面试什么岗位？（写名字或编号）")
    kept = Text(
        "`interview plan` shows and changes this; it is not asked again.",
        "用 `interview plan` 查看或修改；以后不会再问。",
    )
    step = Text("First step: `{command}`", "第一步：`{command}`")
    because = Text(
        ": {topic} weighs most for {role}, and this comes before it",
        "：岗位 {role} 最看重 {topic}，要先过这一步",
    )
    heaviest = Text(": it weighs most for {role}", "：岗位 {role} 最看重它")


class LeftError(Exception):
    """The answers have ended."""


def is_first_day(world: World) -> bool:
    """No plan was set. That there is a keyboard and no history is the caller's to know."""
    home = world.home()
    return not is_there(home / PLAN) and not read_table(home / CONFIG).below("plan").values


def welcome(world: World, path: Callable[[], Path]) -> Settings:
    """The settings after the questions, kept; those that were, where the person left."""
    try:
        settings = ask(world)
    except LeftError:
        print()
        return world.settings
    except KeyboardInterrupt:
        print()
        raise
    try:
        save_plan(world.home(), settings)
    except OSError as error:
        where = error.filename or world.home() / PLAN
        complain(Text(f"{where} cannot be written: {error.strerror}; this is forgotten at the end",
                      f"{where} 写不了：{in_chinese(error)}；这次的回答不会保存").say(world.lang))  # fmt: skip
    else:
        show(world, WelcomeWords.kept.say(world.lang))
    propose(world, settings, path())
    return settings


def ask(world: World) -> Settings:
    """One question after the other; a bad answer is refused with its reason, and asked for again."""
    lang, today = world.lang, world.today()
    show(world, WelcomeWords.head.say(lang))
    day = answer(world, WelcomeWords.date.say(lang), lambda said: read_date(said, today, WelcomeWords.the_date))
    minutes = answer(world, WelcomeWords.minutes.say(lang, minutes=MINUTES), read_minutes)
    for number, each in enumerate(roles().values(), 1):
        show(world, f"  {number} {each.name}  {each.title.say(lang)}")
    role = answer(world, WelcomeWords.role.say(lang), read_numbered)
    return change(world.settings, day, minutes, role, clear=False)


def answer(world: World, question: str, read: Callable[[str], T]) -> T | None:
    while True:
        print(question, end=" ", flush=True)
        line = sys.stdin.buffer.readline()
        if not line.endswith(b"\n"):
            raise LeftError
        said = line.decode(errors="replace").strip()
        if not said:
            return None
        try:
            return read(said)
        except UsageError as error:
            show(world, error.say(world.lang))


def read_minutes(said: str) -> int:
    if said.isascii() and said.isdecimal() and len(said) < 6 and 1 <= int(said) <= MOST_MINUTES:
        return int(said)
    raise UsageError(f"a whole number from 1 to {MOST_MINUTES}, not `{printable(said)}`",
                     f"要写 1 到 {MOST_MINUTES} 的整数，不能是 `{printable(said)}`")  # fmt: skip


def read_numbered(said: str) -> str | None:
    """A role by its name, whatever its case, or by its number in the list."""
    known = list(roles())
    if said.isascii() and said.isdecimal() and len(said) < 6 and 1 <= int(said) <= len(known):
        return known[int(said) - 1]
    return read_role(said.lower())


def propose(world: World, settings: Settings, path: Path) -> None:
    role = role_of(settings)
    step, topic = first_step(path, role)
    if step is None:
        return
    said = WelcomeWords.step.say(world.lang, command=command_of(step))
    if role and topic:
        why = WelcomeWords.heaviest if step == Step("deck", topic) else WelcomeWords.because
        said += why.say(world.lang, topic=topic, role=role.name)
    print()
    show(world, said)
    print()


def command_of(step: Step) -> str:
    return f"interview {'quiz' if step.kind == 'deck' else 'kata'} {step.name}"


def show(world: World, text: str) -> None:
    console = world.console()
    console.print(*wrap(Styled(text), console.width), sep="\n")
