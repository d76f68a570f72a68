"""Take back the last ratings, buryings or suspensions, the newest first.

Nothing is deleted: what was taken back stays in the log, and no longer counts.
"""

from __future__ import annotations

from typing import Annotated

import typer

from interview.cli.history import history
from interview.cli.world import World
from interview.log.record import CardEvent, Review
from interview.practice.review.memories import settle
from interview.report.card import undo_json
from interview.report.line import as_line
from interview.terminal.text.words import RATINGS, QuizWords
from interview.text import Text

MOST = 10_000  # that are taken back at once


def command(
    ctx: typer.Context,
    number: Annotated[int, typer.Option("-n", min=1, max=MOST, help="How many to take back.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One object with what was taken back.")] = False,
) -> int:
    world: World = ctx.obj
    with history(world) as store:
        undone = store.take_back(number, world.now(), world.today())
        settle(store, {event.card for event in undone}, world.settings.rules)
    if as_json:
        print(as_line(undo_json(undone)))
        return 0
    for event in undone:
        world.console().print(line(event, world.lang), soft_wrap=True)
    if not undone:
        world.console().print(QuizWords.nothing_to_undo.say(world.lang))
    return 0


def what(event: CardEvent, lang: str) -> str:
    if isinstance(event, Review):
        return RATINGS[event.rating].say(lang).lower()
    return type(event).__name__.lower()


def line(event: CardEvent, lang: str) -> str:
    when = f"{event.at:%Y-%m-%d %H:%M}"
    done = what(event, lang)
    return Text(f"Taken back: {event.card} ({done}, {when})", f"已撤销：{event.card}（{done}，{when}）").say(lang)
