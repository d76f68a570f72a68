"""The session: which card next, and what a rating does. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from interview.content.cards.deck import Card
from interview.dataclass import dataclass
from interview.drill.day import Limits, as_of, day_of, is_fresh, mixed
from interview.drill.draw import mix
from interview.drill.horizon import toward
from interview.drill.schedule import Rules, is_due, recall, urgency
from interview.log.record import Confidence, Memory, Rating, Review

GAP = 5  # cards between AGAIN and the card's return


@dataclass(frozen=True, slots=True)
class Turn:
    """A card to be asked: how many follow-ups deep, and how often it came before in this sitting."""

    card: Card
    depth: int = 0
    times: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """Cards to be asked yet: never seen and not called for, forgotten today, and all others."""

    new: int = 0
    again: int = 0
    due: int = 0


NOTHING_LEFT = Left()


@dataclass(frozen=True, slots=True)
class Response:
    """All that one asking brought, but for the rating."""

    proposed: Rating | None = None
    confidence: Confidence | None = None
    seconds: float = 0.0
    right: bool | None = None
    given: str | None = None
    mistake: str | None = None
    ticks: tuple[int, ...] = ()
    hinted: bool = False
    followed: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """`ahead[0]` is asked now. `memories` holds every planned card, as after the ratings given so far."""

    rules: Rules
    today: date
    seed: int
    cram: bool
    ahead: tuple[Turn, ...]
    memories: Mapping[str, Memory]
    done: tuple[Review, ...] = ()

    @property
    def turn(self) -> Turn | None:
        return self.ahead[0] if self.ahead else None

    @property
    def left(self) -> Left:
        """The cards still to be asked, the one asked now among them."""
        kinds = [self.kind(turn) for turn in {turn.card.name: turn for turn in reversed(self.ahead)}.values()]
        return Left(*(kinds.count(kind) for kind in ("new", "again", "due")))

    def kind(self, turn: Turn) -> str:
        """`again` is what was forgotten today, here or in an earlier sitting."""
        memory = self.memory(turn.card)
        if turn.times or (memory.rating is Rating.AGAIN and memory.last == self.today):
            return "again"
        return "new" if memory.is_new and memory.forced is None else "due"

    def memory(self, card: Card) -> Memory:
        return self.memories.get(card.name) or Memory(card.name)


def plan(
    cards: Sequence[Card],
    memories: Mapping[str, Memory],
    today: date,
    limits: Limits,
    rules: Rules,
    *,
    seed: int = 0,
    cram: bool = False,
    wanted: Sequence[str] = (),
    across: bool = False,
) -> Session:
    """The cards due today, the likeliest forgotten first, new ones after them; when cramming, all of them.

    The `wanted` cards were asked for by name: they alone are planned, due or not, suspended or not. `across` all decks
    they are mixed.

    What was called for by name (a failed kata) leads. A card whose right answer changed is due again.
    """
    known = as_of(cards, memories, today)
    if wanted:
        return Session(rules, today, seed, cram, tuple(Turn(card) for card in cards if card.name in wanted), known)
    day = day_of(cards, memories, today, limits)
    if limits.cards is not None or cram:
        seen = [card for card in cards if cram and not known[card.name].is_new and not known[card.name].suspended]
        seen.sort(key=lambda card: -urgency(known[card.name], today))
        picked = list({card.name: card for card in (*day.due, *seen, *day.fresh)}.values())[: limits.cards]
    else:
        picked = [*day.reviews, *day.new]
    if across:
        picked = mixed(picked, known, today)
    return Session(rules, today, seed, cram, tuple(Turn(card) for card in picked), known)


def select(cards: Iterable[Card], *, tags: Sequence[str] = (), levels: Sequence[int] = ()) -> list[Card]:
    """The cards that carry all the tags, and are of one of the levels, if any are given."""
    return [card for card in cards if set(tags) <= set(card.tags) and (not levels or card.level in levels)]


def card_seed(session: Session, turn: Turn) -> int:
    """What this asking's order and params are drawn from; 32 bits, kept with the review."""
    return mix(session.seed, f"{turn.card.name}#{turn.times}") & 0xFFFFFFFF


def rate(session: Session, rating: Rating, response: Response, at: datetime) -> tuple[Session, Review]:
    """The session after the current card's rating, and the review to keep. AGAIN brings it back in this sitting."""
    turn = session.ahead[0]
    card = turn.card
    review = Review(
        card=card.name,
        rev=card.rev,
        at=at,
        day=session.today,
        rating=rating,
        proposed=response.proposed,
        confidence=response.confidence,
        seconds=round(response.seconds, 1),
        right=response.right,
        given=response.given,
        mistake=response.mistake,
        ticks=response.ticks,
        hinted=response.hinted,
        seed=card_seed(session, turn),
        depth=turn.depth + response.followed,
        cram=session.cram,
    )
    memory = session.memory(card)
    if not session.cram:
        memory = replace(recall(memory, rating, session.today, session.rules), rev=card.rev)
    rest = session.ahead[1:]
    if rating is Rating.AGAIN:
        rest = (*rest[:GAP], replace(turn, depth=0, times=turn.times + 1), *rest[GAP:])
    after = replace(session, ahead=rest, memories={**session.memories, card.name: memory})
    return replace(after, done=(*session.done, review)), review


def on_day(session: Session, day: date) -> Session:
    """The session when it is that day: four in the morning may pass under an open card. A clock set back is ignored."""
    return replace(session, today=day) if day > session.today else session


def turn_of(session: Session, card: Card, depth: int = 0) -> Turn:
    """The card asked once more in this sitting."""
    return Turn(card, depth, times=sum(done.card == card.name for done in session.done))


def follow_up(session: Session, cards: Sequence[Card], depth: int) -> Session:
    """The follow-ups are asked next, in order."""
    names = {card.name for card in cards}
    rest = tuple(turn for turn in session.ahead if turn.card.name not in names)
    return replace(session, ahead=(*(turn_of(session, card, depth) for card in cards), *rest))


def skip(session: Session, card: str) -> Session:
    """Without the card: it was buried or suspended."""
    return replace(session, ahead=tuple(turn for turn in session.ahead if turn.card.name != card))


def take_back(session: Session, card: Card, memory: Memory) -> Session:
    """The card is asked again now, with the memory it had before what was undone."""
    rest = skip(session, card.name).ahead
    last = max((n for n, review in enumerate(session.done) if review.card == card.name), default=None)
    done = session.done if last is None else session.done[:last] + session.done[last + 1 :]
    memories = {**session.memories, card.name: drawn_in(memory, session)}
    before = replace(session, memories=memories, done=done)
    return replace(before, ahead=(turn_of(before, card), *rest))


def refresh(session: Session, memories: Mapping[str, Memory]) -> Session:
    """What another terminal rated is known here, and not asked a second time. To be called between two cards."""
    fresh = {**session.memories, **{name: drawn_in(memory, session) for name, memory in memories.items()}}
    rest = tuple(
        turn
        for turn in session.ahead
        if turn.card.name not in memories or turn.times or turn.depth or still_wanted(fresh[turn.card.name], session)
    )
    return replace(session, ahead=rest, memories=fresh)


def drawn_in(memory: Memory, session: Session) -> Memory:
    """A memory fresh from the log, heeding the interview that the session heeds."""
    known = session.memories.get(memory.card)
    return toward(memory, known.until) if known and known.until else memory


def still_wanted(memory: Memory, session: Session) -> bool:
    return session.cram or is_due(memory, session.today) or is_fresh(memory, session.today)
