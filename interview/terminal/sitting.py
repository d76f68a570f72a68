"""A sitting at the terminal: paint, read a key, act; every rating is on disk before the next card is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from rich.text import Text

from interview.content.deck import Card, Deck, Reference
from interview.drill.draw import draw
from interview.drill.schedule import is_leech, preview
from interview.drill.session import Response, Session, card_seed, follow_up, rate, refresh, skip, take_back
from interview.errors import ContentError, StoreError
from interview.practice.memories import fold, remember
from interview.record import Bury, Rating, Review, Suspend, Undo
from interview.store import Store
from interview.terminal.asking import Asking, Do, Mode, Rate, ask, press
from interview.terminal.card import Showing, view
from interview.terminal.decode import Press
from interview.terminal.keys import REDRAW, Keyboard
from interview.terminal.leech import leech_view
from interview.terminal.screen import Screen
from interview.terminal.words import say

SCROLLS = {"up": -1, "down": 1, "pgup": -10, "pgdn": 10}


class Outside(Protocol):
    """What lies beyond the drill: files, editors, other commands. The command line knows how."""

    def edit(self, card: Card) -> None: ...
    def open_kata(self, kata: str) -> None: ...
    def load(self, deck: str) -> Deck: ...
    def references(self) -> Mapping[str, Reference]: ...
    def settle(self) -> None: ...
    def tell(self, review: Review, session: Session) -> None: ...


@dataclass(slots=True)
class Sitting:
    """`now` and `ticks` are the clocks: of the day, and of seconds. `own` are the numbers of what was done here."""

    session: Session
    store: Store
    keyboard: Keyboard
    screen: Screen
    outside: Outside
    lang: str
    now: Callable[[], datetime]
    ticks: Callable[[], float]
    decks: dict[str, Deck]
    typing: bool = False
    minutes: float | None = None
    own: list[int] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    news: str = ""
    seen: int = 0
    warm: bool = False

    def run(self) -> None:
        """Until nothing is ahead, the minutes are over, or the person leaves."""
        started = self.ticks()
        self.seen = self.store.newest()
        while self.session.turn and not (self.minutes and self.ticks() - started >= 60 * self.minutes):
            if not self._ask_one():
                return

    def _ask_one(self) -> bool:
        """One card until it is done with; False to leave."""
        turn = self.session.ahead[0]
        asking = ask(turn.card, draw(turn.card, card_seed(self.session, turn)), typing=self.typing)
        started, self.screen.top = self.ticks(), 0
        self._paint(asking, fresh=True)
        self._warm_up()
        while True:
            key = self.keyboard.read()
            if key == REDRAW or self._scrolls(asking, key):
                self._paint(asking)
                continue
            self.news = ""
            before = asking
            asking, action = press(asking, key)
            match action:
                case None:
                    self._paint(asking, fresh=asking.mode is not before.mode)
                case Rate(rating=rating):
                    if self._rate(asking, rating, self.ticks() - started):
                        return True
                    self._paint(asking)
                case Do.LEAVE:
                    return False
                case Do():
                    changed = self._do(action, turn.card)
                    if changed:
                        return True
                    fresh = self.session.ahead[0].card
                    asking = replace(asking, card=fresh, drawn=draw(fresh, card_seed(self.session, turn)))
                    self._paint(asking)

    def _scrolls(self, asking: Asking, key: Press) -> bool:
        if asking.mode is Mode.LINE or not isinstance(key, str) or key not in SCROLLS:
            return False
        self.screen.scroll(SCROLLS[key])
        return True  # painted by the caller

    def _warm_up(self) -> None:
        """What the next keys need, fetched while the person reads: FSRS takes 30 ms to import."""
        if not self.warm:
            self.warm = True
            self.keyboard.watch()
            self.outside.settle()
            preview(self.session.memory(self.session.ahead[0].card), self.session.today)

    def _showing(self, asking: Asking) -> Showing:
        card, revealed = asking.card, asking.revealed
        days: Mapping[Rating, int] = {}
        if revealed and not self.session.cram:
            days = preview(self.session.memory(card), self.session.today)
        return Showing(
            lang=self.lang,
            width=self.screen.size()[0],
            position=self.session.position,
            depth=self.session.ahead[0].depth,
            cram=self.session.cram,
            note=self.decks[card.deck].note,
            days=days,
            references=self.outside.references() if revealed else {},
            names=self._names(card) if revealed else {},
            news=self.news,
        )

    def _names(self, card: Card) -> dict[str, str]:
        """What the follow-up cards ask, in a line."""
        found = [self._find(follow.card) for follow in card.follow_ups if follow.card]
        return {each.name: first_line(each, self.lang) for each in found if each}

    def _paint(self, asking: Asking, *, fresh: bool = False) -> None:
        shown = view(asking, self._showing(asking))
        if fresh:
            self.screen.top = shown.start
        self.screen.paint(shown)

    # What was done

    def _rate(self, asking: Asking, rating: Rating, seconds: float) -> bool:
        """Commit, then go on. If it cannot be written the card stays, and says why."""
        turn = self.session.ahead[0]
        free = [n for n in asking.taken if asking.card.follow_ups[n].card is None]
        response = Response(
            proposed=asking.proposed,
            confidence=asking.confidence,
            seconds=seconds,
            right=asking.right,
            given=asking.judged.given or asking.why or None,
            mistake=asking.judged.mistake,
            ticks=tuple(sorted(asking.ticks or ())),
            hinted=asking.hinted,
            followed=len(free),
        )
        session, review = rate(self.session, rating, response, self.now())
        if not self._append(review):
            return False
        self.outside.tell(review, session)
        wanted = [asking.card.follow_ups[n].card for n in asking.taken]
        cards = [card for name in wanted if name and (card := self._find(name))]
        self.session = follow_up(session, cards, turn.depth + 1) if cards else session
        if rating is Rating.AGAIN and not session.cram and is_leech(session.memory(turn.card)):
            self._offer_leech(turn.card)
        self._catch_up()
        return True

    def _append(self, event: Review | Bury | Suspend | Undo) -> bool:
        try:
            number = self.store.append(event)
        except StoreError as error:
            self.news = str(error)
            return False
        if not isinstance(event, Undo):
            self.own.append(number)
        self.touched.add(event.card)
        if number == self.seen + 1:  # else another terminal wrote in between: `_catch_up` will see it
            self.seen = number
        return True

    def _do(self, action: Do, card: Card) -> bool:
        """True when another card is to be asked."""
        match action:
            case Do.BURY:
                return self._put_off(card, Bury(card.name, self.now(), self.session.today, self._tomorrow()))
            case Do.SUSPEND:
                asleep = self.session.memory(card).suspended
                return self._put_off(card, Suspend(card.name, self.now(), self.session.today, on=not asleep))
            case Do.UNDO:
                return self._undo()
            case Do.EDIT:
                self._edit(card)
                return False
            case Do.KATA:
                self._open_kata(card)
                return False
            case Do.LEAVE:
                return False

    def _tomorrow(self) -> date:
        return self.session.today + timedelta(days=1)

    def _put_off(self, card: Card, event: Bury | Suspend) -> bool:
        if not self._append(event):
            return False
        self.session = skip(self.session, card.name)
        return True

    def _undo(self) -> bool:
        """The last thing done here; before that, the last thing in the log."""
        while self.own and not self.store.stands(self.own[-1]):
            self.own.pop()
        last = self.store.last_action()
        if self.own:
            number = self.own[-1]
            found = [event for at, event in self.store.events(since=number - 1) if at == number]
        else:
            number, found = (last[0], [last[1]]) if last else (0, [])
        if not found:
            self.news = say(self.lang, "nothing_to_undo")
            return False
        name = found[0].card
        if not self._append(Undo(name, self.now(), self.session.today, number)):
            return False
        self.own = [each for each in self.own if each != number]
        self.news = say(self.lang, "undone", card=name)
        card = self._find(name)
        if card is None:
            return False
        memory = fold(self.store, [name])[name]
        self.session = take_back(self.session, card, memory)
        return True

    def _find(self, name: str) -> Card | None:
        """A card by its name, in a deck that is open or can be."""
        deck = name.split("/")[0]
        if deck not in self.decks:
            try:
                self.decks[deck] = self.outside.load(deck)
            except (ContentError, LookupError):
                return None
        return next((card for card in self.decks[deck].cards if card.name == name), None)

    def _catch_up(self) -> None:
        """What another terminal wrote meanwhile is heeded before the next card."""
        newest = self.store.newest()
        if newest != self.seen:
            self.seen = newest
            names = [turn.card.name for turn in self.session.ahead]
            self.session = refresh(self.session, remember(self.store, names))

    def _edit(self, card: Card) -> None:
        """The card's source in an editor, then the deck anew; a deck broken by it leaves the card as it was."""
        try:
            with self.keyboard.paused():
                self.outside.edit(card)
        except ContentError as error:
            self.news = str(error)
            return
        try:
            deck = self.outside.load(card.deck)
        except ContentError as error:
            self.news = f"{say(self.lang, 'unreadable')} {error}"
            return
        self.decks[card.deck] = deck
        fresh = {each.name: each for each in deck.cards}
        ahead = tuple(replace(turn, card=fresh.get(turn.card.name, turn.card)) for turn in self.session.ahead)
        self.session = replace(self.session, ahead=ahead)

    def _open_kata(self, card: Card) -> None:
        if card.kata is None:
            self.news = say(self.lang, "no_kata")
            return
        with self.keyboard.paused():
            self.outside.open_kata(card.kata)
            print(f"\n{say(self.lang, 'enter_goes_on')}", flush=True)
            self._wait()

    def _wait(self) -> None:
        input()

    def _offer_leech(self, card: Card) -> None:
        """A card that keeps slipping: its history, and what can be done about it."""
        reviews: Sequence[Review] = [each for each in self.store.reviews([card.name]) if not each.cram]
        memory = self.session.memory(card)
        while True:
            self.screen.top = 0
            self.screen.paint(leech_view(card, memory, reviews, lang=self.lang, width=self.screen.size()[0]))
            match self.keyboard.read():
                case "e" | "s":
                    self._edit(card)
                    return
                case "!":
                    self._do(Do.SUSPEND, card)
                    return
                case "space" | "enter" | "esc" | "q":
                    return
                case _:
                    continue


def first_line(card: Card, lang: str) -> str:
    """The first line of what the card asks, without what is drawn."""
    asked = card.ask or getattr(card.answer, "statement", None)
    line = asked.say(lang).strip().split("\n")[0] if asked else card.name
    return line.replace("{{", "").replace("}}", "")


def leave_text(session: Session, lang: str) -> Text:
    """What the sitting was, in a line, for the screen that was there before."""
    count = len(session.done)
    again = len({review.card for review in session.done if review.rating is Rating.AGAIN})
    left = len({turn.card.name for turn in session.ahead})
    if lang == "zh":
        return Text(f"答了 {count} 次，其中 {again} 张重来；还剩 {left} 张。都已保存。")
    return Text(f"{count} answered, {again} to see again, {left} left for today. All saved.")
