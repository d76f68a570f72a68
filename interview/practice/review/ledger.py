"""The ledger: a sitting's session and the history, moved together; what is not on disk has not happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta

from interview.content.cards.deck import Card, Deck
from interview.dataclass import dataclass
from interview.drill.draw import Drawn, draw
from interview.drill.schedule import local_day
from interview.drill.session import (
    Response,
    Session,
    card_seed,
    follow_up,
    on_day,
    rate,
    refresh,
    skip,
    take_back,
    turn_of,
)
from interview.errors import ContentError
from interview.log.record import Bury, Rating, Review, Suspend, Undo
from interview.log.store import Store
from interview.practice.review.memories import fold, remember


@dataclass(slots=True)
class Ledger:
    """`own` are the numbers of what was done here, `touched` the cards it was done to.

    Whatever writes raises a StoreError when it cannot, and leaves the session as it was.
    """

    session: Session
    store: Store
    decks: dict[str, Deck]
    load: Callable[[str], Deck]
    now: Callable[[], datetime]
    own: list[int] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    seen: int = 0

    def turn_day(self) -> None:
        """A terminal left open overnight: what is answered now counts for today."""
        self.session = on_day(self.session, local_day(self.now(), self.session.rules))

    def drawn(self) -> Drawn:
        """What the card asked now is drawn as."""
        turn = self.session.ahead[0]
        return draw(turn.card, card_seed(self.session, turn))

    def drawn_next(self, card: Card) -> Drawn:
        """What a card that follows will be drawn as."""
        return draw(card, card_seed(self.session, turn_of(self.session, card)))

    def rate(self, rating: Rating, response: Response, follow: Sequence[str]) -> Review:
        """Commit the review of the card asked now; the cards to `follow` are asked next, one deeper."""
        depth = self.session.ahead[0].depth + 1
        session, review = rate(self.session, rating, response, self.now())
        self._append(review)
        cards = [card for name in follow if (card := self.find(name))]
        self.session = follow_up(session, cards, depth) if cards else session
        return review

    def bury(self, card: Card) -> None:
        today = self.session.today
        self._put_off(Bury(card.name, self.now(), today, today + timedelta(days=1)))

    def suspend(self, card: Card) -> None:
        """Or wake it, if it sleeps."""
        asleep = self.session.memory(card).suspended
        self._put_off(Suspend(card.name, self.now(), self.session.today, on=not asleep))

    def _put_off(self, event: Bury | Suspend) -> None:
        self._append(event)
        self.session = skip(self.session, event.card)

    def undo(self) -> tuple[str | None, bool]:
        """The card whose last thing done here (before that: the last thing in the log) was taken back.

        With it, whether it is asked again now: its deck may be gone.
        """
        number, name = self._last()
        if name is None:
            return None, False
        self._append(Undo(name, self.now(), self.session.today, number))
        self.own = [each for each in self.own if each != number]
        card = self.find(name)
        if card:
            self.session = take_back(self.session, card, fold(self.store, [name], self.session.rules)[name])
        return name, card is not None

    def _last(self) -> tuple[int, str | None]:
        while self.own and not self.store.stands(self.own[-1]):
            self.own.pop()
        if self.own:
            number = self.own[-1]
            return number, next((event.card for at, event in self.store.events(since=number - 1) if at == number), None)
        last = self.store.last_action()
        return (last[0], last[1].card) if last else (0, None)

    def _append(self, event: Review | Bury | Suspend | Undo) -> None:
        number = self.store.append(event)
        if not isinstance(event, Undo):
            self.own.append(number)
        self.touched.add(event.card)
        if number == self.seen + 1:  # else another terminal wrote in between: `catch_up` will see it
            self.seen = number

    def catch_up(self) -> None:
        """What another terminal wrote meanwhile is heeded before the next card."""
        newest = self.store.newest()
        if newest != self.seen:
            self.seen = newest
            names = [turn.card.name for turn in self.session.ahead]
            self.session = refresh(self.session, remember(self.store, names, self.session.rules))

    def find(self, name: str) -> Card | None:
        """A card by its name, in a deck that is open or can be."""
        deck = name.split("/")[0]
        if deck not in self.decks:
            try:
                self.decks[deck] = self.load(deck)
            except ContentError:
                return None
        return next((card for card in self.decks[deck].cards if card.name == name), None)

    def read_again(self, deck: str) -> None:
        """The deck anew, after an edit; a ContentError leaves every card as it was."""
        self.decks[deck] = self.load(deck)
        fresh = {card.name: card for card in self.decks[deck].cards}
        ahead = tuple(replace(turn, card=fresh.get(turn.card.name, turn.card)) for turn in self.session.ahead)
        self.session = replace(self.session, ahead=ahead)
