"""Your history in pictures: calendar, forecast, retention and what it costs, calibration, decks, weakest tags, katas.

--fit fits FSRS's parameters to your own reviews, 400 or more, and compares the log loss before and after on the last
fifth of the days, which are held out for it. They are kept only if they are better and you agree (or say --yes): in
fsrs.toml in the user's folder, which a backup holds too.
"""

from __future__ import annotations

from typing import Annotated

import typer

from interview.cli.completing import complete_deck
from interview.cli.drill.goal import drawn_in
from interview.cli.drill.quiz import unknown
from interview.cli.everything import Everything, everything
from interview.cli.settings import goal_of, limits_of
from interview.cli.world import World
from interview.content.catalog import spelt
from interview.log.record import CardEvent
from interview.practice.insight.ahead import own_cost
from interview.practice.insight.load import loads
from interview.practice.insight.stats import tell
from interview.practice.insight.today import share_of
from interview.report.line import as_line
from interview.report.stats import stats_json
from interview.terminal.screens.stats import render
from interview.terminal.tui.progress import Bar
from interview.text import Text


def command(
    ctx: typer.Context,
    deck: Annotated[str | None, typer.Argument(autocompletion=complete_deck, help="Only this deck.")] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Fit the schedule to your own reviews.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --fit: keep them, if better, unasked.")] = False,
    clear: Annotated[bool, typer.Option("--clear", help="With --fit: back to FSRS's defaults.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> int:
    world: World = ctx.obj
    if fit or yes or clear:
        from interview.cli.drill.fit import fitting

        return fitting(world, deck, fit=fit, yes=yes, clear=clear, as_json=as_json_)
    with everything(world) as all_:
        deck = deck and spelt(deck, [each.id for each in all_.decks])
        decks = [each for each in all_.decks if deck in (None, each.id)]
        if not decks and deck is not None:
            raise unknown("deck", deck, [each.id for each in all_.decks])
        events = events_of(all_, deck)
        katas = all_.katas if deck is None else ()
        today, settings = world.today(), world.settings
        memories = drawn_in(world, all_.cards, all_.memories, today)
        cards = [card for each in decks for card in each.cards]
        goal, limits, cost = goal_of(settings, today), limits_of(settings), own_cost(all_.store, cards)
        share = share_of(cards, all_.memories, today, goal=goal, limits=limits, cost=cost)
        ahead = loads(cards, all_.memories, today, settings.rules, new=settings.new, cost=cost)
        with Bar(world.console(err=True), Text("stats", "统计").say(world.lang)) as bar:
            stats = tell(decks, katas, memories, events, all_.kata_events, today, settings.rules, bar, ahead)
        if as_json_:
            print(as_line(stats_json(stats, deck, share)))
        else:
            console = world.console()
            console.print(render(stats, lang=world.lang, width=console.width))
    return 0


def events_of(all_: Everything, deck: str | None) -> list[CardEvent]:
    """Also of cards that are gone: they were answered all the same."""
    names = None if deck is None else [name for name in all_.store.cards() if name.startswith(f"{deck}/")]
    return [event for _, event in all_.store.events(names)]
