"""Decks and katas, with their status; QUERY looks into ids, tags and texts of both languages."""

from __future__ import annotations

from typing import Annotated

import typer

from interview.cli.drill.goal import drawn_in
from interview.cli.everything import shelf_of
from interview.cli.history import history
from interview.cli.settings import goal_of, limits_of
from interview.cli.world import World
from interview.content.reading.problem import unsound
from interview.drill.hand import hands_of
from interview.drill.schedule import is_leech
from interview.practice.insight.ahead import own_cost
from interview.practice.insight.listing import list_decks, list_katas
from interview.practice.insight.today import share_of
from interview.practice.review.memories import remember_day
from interview.report.line import as_line
from interview.report.listing import list_json
from interview.terminal.screens.listing import render


def command(
    ctx: typer.Context,
    query: Annotated[list[str] | None, typer.Argument(help="Words that all must be found.")] = None,
    suspended: Annotated[bool, typer.Option("--suspended", help="Only cards that are suspended.")] = False,
    leeches: Annotated[bool, typer.Option("--leeches", help="Only cards forgotten again and again.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    world: World = ctx.obj
    words = " ".join(query or [])
    today, settings = world.today(), world.settings
    shelf = shelf_of(world)
    decks, deck_problems = shelf.decks(world.roots())
    katas, kata_problems = shelf.katas(world.roots())
    with history(world) as store:
        cards = [card for deck in decks for card in deck.cards]
        memories = remember_day(store, [card.name for card in cards], today, settings.rules)
        hands = hands_of(store.kata_events(), settings.rules)
        goal, limits, cost = goal_of(settings, today), limits_of(settings), own_cost(store, cards)
    picked = suspended or leeches
    found = list_decks(
        decks,
        drawn_in(world, cards, memories, today),
        today,
        words,
        wanted=lambda memory: (
            not picked or (memory is not None and ((suspended and memory.suspended) or (leeches and is_leech(memory))))
        ),
    )
    share = share_of(cards, memories, today, goal=goal, limits=limits, cost=cost)
    tasks = [] if picked else list_katas(katas, hands, today, words, goal=goal)
    if as_json_:
        print(as_line(list_json(found, tasks, share, memories if words or picked else None)))
    else:
        world.console().print(render(found, tasks, lang=world.lang, cards=bool(words) or picked, memories=memories))
    shelf.settle()
    if deck_problems or kata_problems:
        raise unsound((*deck_problems, *kata_problems))
