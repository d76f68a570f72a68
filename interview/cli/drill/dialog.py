"""The dialog: the quiz without single keys, answers from a file or a pipe, plain lines or JSON out."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from interview.cli.drill.reason import reason
from interview.cli.drill.telling import finish, line_of, not_saved, print_review, print_totals
from interview.cli.world import World
from interview.content.cards.deck import Deck
from interview.drill.draw import draw
from interview.drill.schedule import local_day
from interview.drill.session import Session, card_seed, on_day, rate
from interview.drill.summary import summarise
from interview.errors import StoreError, UsageError, in_chinese
from interview.log.store import Store
from interview.printable import printable_line
from interview.terminal.quiz.answers_file import Script, answer, rated
from interview.terminal.quiz.context import Showing
from interview.terminal.quiz.model import Asking, ask, respond
from interview.terminal.quiz.summary import farewell
from interview.terminal.quiz.view import view
from interview.text import Text

LONG = 1 << 20  # bytes of a line
MOST_TOLD = 3  # answers that no card took


def run_script(
    world: World, store: Store, session: Session, decks: dict[str, Deck], *, answers: str, as_json: bool
) -> int:
    """Ask, read an answer, commit, go on; until the cards or the answers run out.

    A line that is no answer ends it; whoever types at a terminal is told, and asked again.
    """
    talking = answers == "-" and sys.stdin.isatty() and not as_json
    script = Script(lines_of(answers), named(answers))
    touched: set[str] = set()
    trouble: StoreError | None = None
    fault: UsageError | None = None
    while session.turn:
        turn = session.turn
        drawn = draw(turn.card, card_seed(session, turn))
        showing = Showing(
            lang=world.lang, width=80, left=session.left, kind=session.kind(turn), note=decks[turn.card.deck].note
        )
        if talking:
            why = session.memory(turn.card).why
            show(ask(turn.card, drawn), replace(showing, why=reason(world, why)) if why else showing)
        started = time.monotonic()
        try:
            scripted = script.answer_to(turn.card)
            if scripted is None:
                break
            asking = answer(turn.card, drawn, scripted)
            rating = rated(asking, scripted)
        except UsageError as error:
            if talking:
                print(f"interview: {error.say(world.lang)}", file=sys.stderr)
                continue
            fault = error
            break
        response = respond(asking, time.monotonic() - started if talking else 0.0)
        now = world.now()
        session = on_day(session, local_day(now, session.rules))
        session, review = rate(session, rating, response, now)
        try:
            store.append(review)
        except StoreError as error:
            trouble = error
            break
        touched.add(review.card)
        if as_json:
            print_review(review, session)
        elif talking:
            show(asking, showing)
        if not as_json:
            print(line_of(review, session, world.lang), flush=True)
    lost = finish(store, touched, session, world.lang)
    if trouble or lost:
        raise not_saved([*lost, *([review.card] if trouble else [])], trouble)
    fault = fault or tell_unused(script, answers, world.lang)
    summary = summarise(session, [card for deck in decks.values() for card in deck.cards])
    if as_json:
        print_totals(session.done, summary)
    elif session.done or not fault:
        for line in farewell(summary, session.today, world.lang, 80):
            print(line.plain)
    if fault:
        raise fault
    return 0


def named(answers: str) -> str:
    """The file as complaints name it."""
    return "stdin" if answers == "-" else answers


def tell_unused(script: Script, answers: str, lang: str) -> UsageError | None:
    """The answers that no card took, and what is wrong with those that nobody has read yet.

    A pipe is not read on: whoever writes to it may wait for what we say.
    """
    told = 0
    try:
        for each in script.unused(further=answers != "-" and Path(answers).is_file()):
            told += 1
            what = printable_line(each.card, 60) if each.card else None
            none_left = Text("no card was left for this answer", "已经没有卡片要答")
            said = Text(f"{what} was not asked", f"没有问到 {what}") if what else none_left
            if told <= MOST_TOLD:
                print(f"interview: {each.where}: {said.say(lang)}", file=sys.stderr)
    except UsageError as error:
        return error
    finally:
        if told > MOST_TOLD:
            more = told - MOST_TOLD
            print(f"interview: {Text(f'and {more} more', f'还有 {more} 个').say(lang)}", file=sys.stderr)
    return None


def lines_of(answers: str) -> Iterator[str]:
    """Line by line, so that what stands before one that cannot be read is answered."""
    name = named(answers)
    try:
        with nullcontext(sys.stdin.buffer) if answers == "-" else Path(answers).open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LONG), b""), 1):
                if len(line) == LONG:
                    raise UsageError(
                        f"{name}:{number}: longer than an answer can be", f"{name}:{number}: 太长，不会是答案"
                    )
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
    except OSError as error:
        raise UsageError(
            f"--answers: {name} cannot be read: {error.strerror}", f"--answers：{name} 读不了：{in_chinese(error)}"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(
            f"{name}:{number}: not UTF-8 text; save the file as UTF-8",
            f"{name}:{number}: 不是 UTF-8 文本；请把文件存成 UTF-8",
        ) from None


def show(asking: Asking, showing: Showing) -> None:
    for line in view(asking, showing).body:
        print(line.plain)
