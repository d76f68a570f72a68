"""The plan on a screen: the days left, what fits them, what does not."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from interview.content.roles import Role
from interview.practice.insight.ahead import Road
from interview.terminal.screens.words import PlanWords
from interview.terminal.text.chart import ACCENT, heading, labelled, spark
from interview.terminal.text.words import several
from interview.terminal.text.wrap import wrap
from interview.text import COMMA, LIST

NAMED = 12  # cards named on the screen; --json names all


def render(road: Road, *, lang: str, width: int) -> Group:
    on, days, minutes = road.goal.on, road.days, road.goal.minutes
    title = (PlanWords.title_1 if days == 1 else PlanWords.title).say(lang, on=on, days=days)
    lines = heading(title, PlanWords.minutes.say(lang, minutes=minutes), width=width)
    lines += [Text(), *labelled([*figures(road, lang, width), katas_left(road, lang)], width), Text()]
    return Group(*lines, *verdict(road, lang, width))


def figures(road: Road, lang: str, width: int) -> list[tuple[str, Text]]:
    loads = road.outlook.loads
    counts = PlanWords.counts.say(lang, cards=road.cards, begun=road.begun, must=road.must_know)
    shares = share_lines(road, lang)
    room = max(7, width - 12)
    folded = fold([load.seconds for load in loads], room)
    most = minutes_of(max((load.seconds for load in loads), default=0))
    picture = Text.assemble(
        (spark(folded).replace(" ", "·"), ACCENT), "  ", (PlanWords.scale.say(lang, minutes=most), "dim")
    )
    return [
        *([(PlanWords.role.say(lang), Text(weighed(road.goal.role, lang)))] if road.goal.role else []),
        (PlanWords.cards.say(lang), Text(counts)),
        (PlanWords.today.say(lang), Text(LIST.say(lang).join(shares) or PlanWords.nothing.say(lang))),
        (PlanWords.load.say(lang), picture),
    ]


def weighed(role: Role, lang: str) -> str:
    """What the role weighs, and by which source."""
    if not role.weights:
        return PlanWords.weighs_same.say(lang, role=role.name)
    said = [
        PlanWords.weight.say(lang, topic=each.topic, weight=each.weight, source=each.source) for each in role.weights
    ]
    return PlanWords.weighs.say(lang, role=role.name, topics=LIST.say(lang).join(said))


def share_lines(road: Road, lang: str) -> list[str]:
    """Today's cards, then its katas."""
    today = road.outlook.today
    fresh = sum(load.new for load in road.outlook.loads[:1])
    n = len(today.chosen)
    minutes = minutes_of(today.seconds)
    cards = [PlanWords.share.say(lang, n=n, cards=several(n, "cards"), minutes=minutes, new=fresh)] if n else []
    katas = [PlanWords.share_kata.say(lang, kata=each.kata, minutes=minutes_of(each.seconds)) for each in today.katas]
    return [*cards, *katas]


def fold(values: list[float], room: int) -> list[float]:
    """At most `room` values: of several days, the fullest."""
    step = -(-len(values) // room) if values else 1
    return [max(values[at : at + step]) for at in range(0, len(values), step)]


def katas_left(road: Road, lang: str) -> tuple[str, Text]:
    if not road.katas:
        return PlanWords.katas.say(lang), Text(PlanWords.katas_done.say(lang), "green")
    first = road.katas[0]
    total = sum(kata.minutes for kata in road.katas)
    said = PlanWords.katas_left.say(lang, n=len(road.katas), minutes=total, kata=first.id, one=first.minutes)
    return PlanWords.katas.say(lang), Text(said)


def verdict(road: Road, lang: str, width: int) -> list[Text]:
    """Does it fit? What does not is named."""
    short, katas = road.outlook.short, road.outlook.short_katas
    if road.outlook.fits:
        said = (PlanWords.fits if road.days >= 3 else PlanWords.fits_few).say(lang, days=road.days)
        return wrap(Text.assemble(("✓ ", "green"), said), width, first=" ", rest="   ")
    parts = []
    if short:
        must = sum(each.card.must_know for each in short)
        parts.append(
            PlanWords.short.say(lang, n=len(short), cards=several(len(short), "cards"))
            + (PlanWords.short_must.say(lang, n=must) if must else "")
        )
    if katas:
        parts.append(PlanWords.short_katas.say(lang, n=len(katas), katas=several(len(katas), "katas")))
    enough = PlanWords.enough.say(lang, minutes=road.enough) if road.enough else ""
    said = COMMA.say(lang).join(parts) + enough
    lines = wrap(Text.assemble(("✗ ", "red"), said), width, first=" ", rest="   ")
    for names in ([each.card.name for each in short], katas):
        if names:
            lines += wrap(named(names, lang), width, first="   ", rest="   ")
    return lines


def named(names: Sequence[str], lang: str) -> Text:
    said = Text(LIST.say(lang).join(names[:NAMED]), "dim")
    if len(names) > NAMED:
        said.append(" " + PlanWords.more.say(lang, n=len(names) - NAMED))
    return said


def minutes_of(seconds: float) -> int:
    """Minutes; something is never none."""
    return max(1, round(seconds / 60)) if seconds else 0
