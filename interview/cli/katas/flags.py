"""The flags of `kata`: one says what is done with the task, the others how; which goes with which stands here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from interview.errors import UsageError
from interview.text import Text

HAND_OUT = ""  # what is done where no flag says what
DEEDS = ("--check", "--hint", "--repl", "--solution", "--give-up", "--attempts", "--diff", "--restore", "--again")
GOES_WITH = {
    "--watch": ("--check",),
    "--all": ("--check",),
    "--seed": ("--check", "--repl"),
    "--json": ("--check", "--solution", "--give-up", "--attempts", "--diff", "--restore", "--again"),
    "--only": ("--check", "--repl"),
    "-v": ("--check",),
    "--plain": ("--check",),
    "--open": (HAND_OUT, "--check"),
    "--editor": (HAND_OUT,),
    "--no-debrief": ("--check",),
    "--style": ("--solution", "--give-up"),
    "N": ("--hint", "--attempts"),
}
NOT_BOTH = {"--watch": ("--json", "--seed", "-v", "--open"), "--plain": ("--json", "-v", "--all")}
OR = Text(" or ", " 或 ")


def deed_of(ctx: Any) -> str:
    """The one deed that was asked for, all flags beside it being its own; or a UsageError that names what does not go
    together."""
    given = flags_given(ctx)
    deeds = [each for each in given if each in DEEDS]
    if len(deeds) > 1:
        raise not_both(*deeds[:2])
    deed = deeds[0] if deeds else HAND_OUT
    for flag in given:
        if flag in GOES_WITH and deed not in GOES_WITH[flag]:
            raise astray(flag, [each for each in GOES_WITH[flag] if each])
        for other in NOT_BOTH.get(flag, ()):
            if other in given:
                raise not_both(flag, other)
    return deed


def flags_given(ctx: Any) -> list[str]:
    """By the name that leads, with `N` for the number that may follow."""
    names = {each.name: "N" if each.name == "number" else each.opts[0] for each in ctx.command.params}
    return [names[name] for name, value in ctx.params.items() if name in names and value not in (None, False, (), [])]


def not_both(flag: str, other: str) -> UsageError:
    return UsageError(
        f"{flag} and {other} do not go together: leave one of them out", f"{flag} 和 {other} 不能一起用：请去掉一个"
    )


def astray(flag: str, deeds: Sequence[str]) -> UsageError:
    named, named_zh = ("the number", "数字") if flag == "N" else (flag, flag)
    if not deeds:
        return UsageError(
            f"{named} goes with handing the task out: leave the other flags out",
            f"{named_zh} 只在领题时用：请去掉其他选项",
        )
    return UsageError(f"{named} goes with {OR.en.join(deeds)}", f"{named_zh} 要和 {OR.zh.join(deeds)} 一起用")
