"""Drill questions; each comes back when it is about to be forgotten.

No DECK: what is due and the day's new cards of all decks, mixed; with a date set by `interview plan`, the day's share
of them. DECK/CARD: that card, due or not. Space turns a card over, 1 2 3 4 rate it, ? lists all keys, q saves and
leaves. New cards and reviews a day, of all decks together, are limited by `config.toml` in the user's folder ([quiz]
new = 10, reviews = 100); -n N asks for N cards whatever the day had.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from interview.cli.completing import complete_deck_or_card, complete_tag
from interview.cli.history import history
from interview.cli.settings import MOST_CARDS, goal_of, limits_of
from interview.cli.world import DAY, LAST_SEED, World, finite
from interview.content.cards.deck import Card, Deck
from interview.content.catalog import deck_names, find_deck, spelt
from interview.content.shelf import Shelf
from interview.drill.day import ANY, Limits, as_of, day_of
from interview.drill.session import Session, plan, select
from interview.errors import StoreError, UsageError
from interview.log.store import Store
from interview.practice.review.memories import remember_day

if TYPE_CHECKING:
    from datetime import date

    from interview.log.record import Memory

NO_TERMINAL = (
    "quiz reads single keys, and there is no terminal: run it in one, or answer from a file with `--answers FILE`"
    " (`-` for standard input)",
    "刷题要读单个按键，而这里没有终端：请在终端里运行，或用 `--answers FILE` 从文件读答案（`-` 为标准输入）",
)

LEVELS = ("1", "2", "3", "4", "5")


def command(
    ctx: typer.Context,
    deck: Annotated[
        list[str] | None,
        typer.Argument(help="Decks; none: the day's cards of all.", autocompletion=complete_deck_or_card),
    ] = None,
    number: Annotated[
        int | None, typer.Option("-n", min=1, max=MOST_CARDS, help="This many cards, whatever the day had.")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option("-m", min=0.1, max=DAY, callback=finite, help="Stop after this many minutes.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(autocompletion=complete_tag, help="Only cards with this tag; repeatable.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="Only this level, 1 to 5, or a range: 2-4.")] = None,
    cram: Annotated[bool, typer.Option("--cram", help="All cards, due or not; moves no date.")] = False,
    typed: Annotated[bool, typer.Option("--type", help="Type the open answers too.")] = False,
    answers: Annotated[
        str | None, typer.Option(metavar="FILE", help="Answers from a file; `-`: standard input.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=LAST_SEED, help="Draw the same order and numbers again.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object a review, and one with totals.")] = False,
) -> int:
    world: World = ctx.obj
    levels = read_levels(level)
    can_ask = answers is not None or has_keyboard(world, as_json=as_json)
    shelf = Shelf(world.home() / "cache" if can_ask else None)
    asked = [load_named(world, shelf, name) for name in deck or []]
    named, wanted = {each.id: each for each, _ in asked}, [card for _, card in asked if card]
    with history(world, writes=can_ask) as store:
        today, settings = world.today(), world.settings
        goal = None
        if settings.interview and not cram:  # imported late: most sittings have no date ahead
            from interview.cli.drill.goal import share_done
            from interview.drill.plan import aim

            goal = goal_of(settings, today)
        decks = named or all_decks(world, shelf)
        cards = select([card for each in decks.values() for card in each.cards], tags=tag or (), levels=levels)
        if decks and not cards:
            raise no_such_cards(decks)
        memories = remember_day(store, [card.name for card in cards], today, settings.rules)
        if goal:
            memories = aim(cards, memories, goal, today)
        limits = Limits(ANY, ANY, number) if goal else limits_of(settings, number)
        rolled = seed if seed is not None else int.from_bytes(os.urandom(4), "big")
        session = plan(
            cards, memories, today, limits, settings.rules, seed=rolled, cram=cram, wanted=wanted, across=not named
        )
        if (goal or minutes) and not (number or wanted or cram):
            from interview.cli.drill.goal import fit
            from interview.practice.insight.ahead import own_cost
            from interview.practice.insight.today import share_of

            cost = own_cost(store, cards)
            share = share_of(cards, memories, today, goal=goal, limits=limits_of(settings), cost=cost, minutes=minutes)
            session = fit(session, share, goal)
            if goal and not session.ahead and not as_json:
                return share_done(world, goal, list(named), share.left)
        if not session.ahead:
            return nothing_due(world, list(named), cards, memories, today, as_json=as_json)
        if not can_ask:
            raise UsageError(*NO_TERMINAL)
        if answers is not None:
            from interview.cli.drill.dialog import run_script

            code = run_script(world, store, session, decks, answers=answers, as_json=as_json)
            shelf.settle()
            return code
        return run_keys(world, shelf, store, session, decks, minutes=minutes, typed=typed, as_json=as_json)


def has_keyboard(world: World, *, as_json: bool) -> bool:
    """With --json standard output is for the objects: the screens go to standard error."""
    return sys.stdin.isatty() and sys.stderr.isatty() if as_json else world.has_keyboard()


def read_levels(level: str | None) -> tuple[int, ...]:
    if level is None:
        return ()
    low, _, high = level.partition("-")
    if low in LEVELS and (high or low) in LEVELS and low <= (high or low):
        return tuple(range(int(low), int(high or low) + 1))
    raise UsageError(
        f"--level is a number from 1 to 5, or a range such as 2-4, not {level!r}",
        f"--level 是 1 到 5 的数，或 2-4 这样的范围，不能是 {level!r}",
    )


def is_card(name: str) -> bool:
    """`dropout/strongest-p`: a card, not a deck."""
    return name.count("/") == 1


def no_such_cards(decks: dict[str, Deck]) -> UsageError:
    cards = [card for deck in decks.values() for card in deck.cards]
    tags = sorted({tag for card in cards for tag in card.tags})
    levels = sorted({str(card.level) for card in cards if card.level})
    return UsageError(
        f"no card of {', '.join(decks)} has that tag and level; the tags: {', '.join(tags)}; "
        f"the levels: {', '.join(levels)}",
        f"{'、'.join(decks)} 里没有这个标签和难度的卡；标签有：{'、'.join(tags)}；难度有：{'、'.join(levels)}",
    )


def load_named(world: World, shelf: Shelf, name: str) -> tuple[Deck, str | None]:
    """The deck of that name, whatever its case; and the card, if one was named."""
    known = deck_names(world.roots())
    path = find_deck(world.roots(), spelt(name.split("/")[0], known))
    if path is None:
        raise unknown("deck", name.split("/")[0], known)
    deck = shelf.deck(path)
    if not is_card(name):
        return deck, None
    cards = [card.name for card in deck.cards]
    card = spelt(name, cards)
    if card not in cards:
        raise unknown("card", name, cards)
    return deck, card


def unknown(what: str, name: str, known: list[str]) -> UsageError:
    from interview.content.reading.problem import did_you_mean

    near = did_you_mean(name, known) or f"; there are {', '.join(known[:20]) or 'none yet'}"
    near_zh = did_you_mean(name, known, "zh") or (f"；现有：{'、'.join(known[:20])}" if known else "；现在一个也没有")
    what_zh = {"deck": "题库", "card": "卡片"}.get(what, what)
    return UsageError(f"no {what} named `{name}`{near}", f"没有{what_zh} `{name}`{near_zh}")


def all_decks(world: World, shelf: Shelf) -> dict[str, Deck]:
    """A deck that cannot be read is told, and left out."""
    decks, problems = shelf.decks(world.roots())
    for problem in problems:
        print(f"interview: {problem.say(world.lang)}", file=sys.stderr)
    return {deck.id: deck for deck in decks}


def nothing_due(
    world: World, decks: list[str], cards: list[Card], memories: dict[str, Memory], today: date, *, as_json: bool
) -> int:
    """What there is to do instead. Not a failure."""
    from interview.cli.drill.telling import print_totals
    from interview.drill.summary import Summary

    if as_json:
        print_totals((), Summary())
        return 0
    from interview.text import LIST, Text

    names = LIST.say(world.lang).join(decks)
    lines = [Text(f"Nothing is due in {names} now.", f"{names}：现在没有到期的卡。")]
    if not decks:
        lines = [Text("Nothing is due now.", "现在没有到期的卡。")]
    known = as_of(cards, memories, today)
    coming = sorted(memory.due for memory in known.values() if memory.due and not memory.suspended)
    fresh = len(day_of(cards, memories, today, Limits()).fresh)
    if coming:
        lines.append(Text(f"The next comes on {coming[0]}.", f"下一张：{coming[0]}。"))
    if fresh:
        lines.append(
            Text(
                f"{fresh} are new, and today's share of new ones is used up: `-n 5` takes five more.",
                f"还有 {fresh} 张新卡，今天的名额已用完；`-n 5` 再学 5 张。",
            )
        )
    command = " ".join(["interview quiz", *decks, "--cram"])
    lines.append(Text(f"`{command}` goes through all of it and moves no date.", f"`{command}` 全部过一遍，不改日期。"))
    world.console().print(" ".join(line.say(world.lang) for line in lines))
    return 0


def run_keys(
    world: World,
    shelf: Shelf,
    store: Store,
    session: Session,
    decks: dict[str, Deck],
    *,
    minutes: float | None,
    typed: bool,
    as_json: bool,
) -> int:
    """At the terminal. Whatever ends it, what was answered is saved and the terminal is as it was."""
    from interview.cli.drill.host import Beyond
    from interview.practice.review.ledger import Ledger
    from interview.terminal.quiz.loop import Sitting
    from interview.terminal.tui.keys import Keyboard, put, quietly
    from interview.terminal.tui.screen import Screen
    from interview.terminal.tui.signals import Interrupted

    if os.environ.get("TERM") == "dumb":
        raise UsageError(
            "this terminal cannot be painted (TERM=dumb): answer line by line, with `--answers -`",
            "这个终端不能显示画面（TERM=dumb）：请用 `--answers -` 逐行作答",
        )
    target = 2 if as_json else 1
    keyboard = Keyboard(0, target)
    code = 0
    outside = Beyond(world, shelf, as_json=as_json)
    sitting = Sitting(
        ledger=Ledger(session, store, decks, outside.load, world.now),
        keyboard=keyboard,
        screen=Screen(target, world.color),
        outside=outside,
        lang=world.lang,
        ticks=time.monotonic,
        typing=typed,
        minutes=minutes,
    )
    trouble: StoreError | None = None
    try:
        with keyboard:
            sitting.run()
    except Interrupted as interrupted:
        code = interrupted.code
    except OSError:
        code = 129  # the terminal is gone
    except StoreError as error:
        trouble = error
    from interview.cli.drill.telling import finish, not_saved, print_totals
    from interview.drill.summary import summarise
    from interview.terminal.quiz.summary import farewell

    unsaved = [*finish(store, sitting.ledger.touched, sitting.session, world.lang), *sitting.unsaved]
    summary = summarise(sitting.session, [card for deck in sitting.ledger.decks.values() for card in deck.cards])
    if as_json:
        print_totals(sitting.session.done, summary)
    else:
        width = sitting.screen.size()[0]
        lines = farewell(summary, sitting.session.today, world.lang, width, news=sitting.news, unsaved=unsaved)
        quietly(lambda: put(target, "".join(f"{line.plain}\n" for line in lines)))
    if trouble or (unsaved and as_json):
        raise trouble or not_saved(unsaved)
    return StoreError.code if unsaved else code
