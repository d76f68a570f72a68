"""The goal in the quiz: the interview's date, its cards, and what to say when the day's share is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from interview.cli.settings import goal_of
from interview.cli.world import World
from interview.content.cards.deck import Card
from interview.drill.plan import Goal, aim
from interview.drill.session import Session
from interview.log.record import Memory
from interview.practice.insight.today import Share
from interview.text import Text


def drawn_in(world: World, cards: Sequence[Card], memories: Mapping[str, Memory], today: date) -> Mapping[str, Memory]:
    """The memories with their due days as the quiz takes them: drawn in where an interview is ahead."""
    goal = goal_of(world.settings, today)
    return aim(cards, memories, goal, today) if goal else memories


def fit(session: Session, share: Share, goal: Goal | None) -> Session:
    """What fits the minutes first; with a goal, nothing but that."""
    names = {card.name for card in share.cards}
    ahead = [turn for turn in session.ahead if goal is None or turn.card.name in names]
    return replace(session, ahead=tuple(sorted(ahead, key=lambda turn: turn.card.name not in names)))


def share_done(world: World, goal: Goal, decks: list[str], waiting: int) -> int:
    """Nothing left for today; what there is beyond it."""
    command = " ".join(["interview quiz", *decks, f"-n {min(waiting, 10)}"])
    minutes, days = f"{goal.minutes:g}", goal.days(world.today())
    said = Text(
        f"Today's share ({minutes} minutes) is done; the interview is in {days} days.",
        f"今天的份额（{minutes} 分钟）已完成，离面试还有 {days} 天。",
    ).say(world.lang)
    if waiting:
        said += Text(
            f" {waiting} more are waiting: `{command}` takes some.", f"还有 {waiting} 张在等：`{command}`。"
        ).say(world.lang)
    world.console().print(said)
    return 0
