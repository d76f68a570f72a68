"""The loop of a sitting: paint, read a key, act; every rating is on disk before the next card is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from interview.content.cards.deck import Card, Deck, Reference
from interview.dataclass import dataclass
from interview.drill.schedule import is_leech, preview
from interview.drill.session import Session
from interview.errors import ContentError, StoreError
from interview.log.record import Rating, Review
from interview.practice.review.ledger import Ledger
from interview.printable import printable_line
from interview.terminal.quiz.context import Showing
from interview.terminal.quiz.kinds import asked
from interview.terminal.quiz.leech import kata_view, leech_view
from interview.terminal.quiz.model import Asking, Do, Mode, Rate, ask, respond
from interview.terminal.quiz.update import press
from interview.terminal.quiz.view import view
from interview.terminal.text.words import QuizWords
from interview.terminal.tui.decode import Press
from interview.terminal.tui.keys import REDRAW, Keyboard
from interview.terminal.tui.screen import END, FRESH, Screen
from interview.terminal.tui.signals import NotStartedError

MEASURE = 100  # columns: a longer line is hard to find the next one from
OVER = (Mode.HELP, Mode.FOLLOW)
SCROLLS = {"up": -1, "down": 1, "pgup": -10, "pgdn": 10}


class Outside(Protocol):
    """What lies beyond the drill: files, editors, other commands. The command line knows how."""

    def editor(self, card: Card) -> list[str]: ...
    def kata(self, kata: str) -> list[str]: ...
    def load(self, deck: str) -> Deck: ...
    def references(self) -> Mapping[str, Reference]: ...
    def settle(self) -> None: ...
    def reason(self, why: str) -> str: ...
    def tell(self, review: Review, session: Session) -> None: ...


@dataclass(slots=True)
class Sitting:
    """`ticks` is the clock of seconds; the day's is the ledger's. `news` is a sentence for the next screen.

    `unsaved` is the card whose rating could not be written, until it is; `below` is where the card was scrolled to
    under what lies over it.
    """

    ledger: Ledger
    keyboard: Keyboard
    screen: Screen
    outside: Outside
    lang: str
    ticks: Callable[[], float]
    typing: bool = False
    minutes: float | None = None
    news: str = ""
    unsaved: tuple[str, ...] = ()
    warm: bool = False
    below: int = 0
    started: float = 0.0

    @property
    def session(self) -> Session:
        return self.ledger.session

    def run(self) -> None:
        """Until nothing is ahead, the minutes are over, or the person leaves."""
        self.started = self.ticks()
        self.ledger.seen = self.ledger.store.newest()
        while self.session.turn and not (self.minutes and self._spent() >= 60 * self.minutes):
            if not self._ask_one():
                return

    def _ask_one(self) -> bool:
        """One card until it is done with; False to leave."""
        card = self.session.ahead[0].card
        asking = ask(card, self.ledger.drawn(), typing=self.typing)
        started = self.ticks()
        self._paint(asking, top=FRESH)
        self._warm_up()
        while True:
            key = self._next_key()
            self.ledger.turn_day()
            if key == REDRAW or self._scrolls(key):
                self._paint(asking)
                continue
            self.news = ""
            before = asking
            asking, action = press(asking, key)
            match action:
                case None:
                    self._paint(asking, top=self._top_after(key, before, asking))
                case Rate(rating=rating):
                    if self._rate(asking, rating, self.ticks() - started):
                        return True
                    self._paint(asking)
                case Do.LEAVE:
                    return False
                case Do():
                    if self._do(action, card):
                        return True
                    asking = replace(asking, card=self.session.ahead[0].card, drawn=self.ledger.drawn())
                    self._paint(asking)

    def _next_key(self) -> Press:
        """A key; or, when another minute is over, a redraw for the time so far."""
        return self.keyboard.poll(60 - self._spent() % 60) or REDRAW

    def _spent(self) -> float:
        return self.ticks() - self.started

    def _time(self) -> str:
        minutes = int(self._spent() // 60)
        if self.minutes:
            return QuizWords.minutes_of.say(self.lang, n=minutes, limit=f"{self.minutes:g}")
        return QuizWords.minutes.say(self.lang, n=minutes)

    def _scrolls(self, key: Press) -> bool:
        if not isinstance(key, str) or key not in SCROLLS:
            return False
        self.screen.scroll(SCROLLS[key])
        return True  # painted by the caller

    def _top_after(self, key: Press, before: Asking, asking: Asking) -> int | None:
        """Where to scroll, so that what the key brought is seen; from what lies over a card, back to where it was."""
        if asking.mode is before.mode:
            brought = (key == "h" and asking.hinted and asking.mode is Mode.FRONT) or asking.sources > before.sources
            return END if brought else None
        if before.mode in OVER:
            return self.below
        if asking.mode in OVER:
            self.below = self.screen.top
        return FRESH

    def _warm_up(self) -> None:
        """What the next keys need, fetched while the person reads: FSRS takes 30 ms to import."""
        if not self.warm:
            self.warm = True
            self.keyboard.watch()
            self.outside.settle()
            preview(self.session.memory(self.session.ahead[0].card), self.session.today, self.session.rules)

    def _showing(self, asking: Asking) -> Showing:
        card, revealed = asking.card, asking.revealed
        days: Mapping[Rating, int] = {}
        if asking.ratable and not self.session.cram:
            days = preview(self.session.memory(card), self.session.today, self.session.rules)
        return Showing(
            lang=self.lang,
            width=self._width(),
            left=self.session.left,
            kind=self.session.kind(self.session.ahead[0]),
            time=self._time(),
            depth=self.session.ahead[0].depth,
            cram=self.session.cram,
            note=self.ledger.decks[card.deck].note,
            days=days,
            references=self.outside.references() if revealed else {},
            names=self._names(card) if revealed else {},
            why=self._why(asking),
            flag=printable_line(self.session.memory(card).flag or ""),
            own_note=printable_line(self.session.memory(card).note or ""),
            news=self.news,
        )

    def _why(self, asking: Asking) -> str:
        why = None if asking.revealed else self.session.memory(asking.card).why
        return self.outside.reason(why) if why else ""

    def _width(self) -> int:
        return min(MEASURE, self.screen.size()[0])

    def _names(self, card: Card) -> dict[str, str]:
        """What the follow-up cards ask, each as it will be drawn."""
        found = [self.ledger.find(follow.card) for follow in card.follow_ups if follow.card]
        return {each.name: asked(each, self.lang, self.ledger.drawn_next(each).params) for each in found if each}

    def _paint(self, asking: Asking, *, top: int | None = None) -> None:
        if top is not None:
            self.screen.top = top
        self.screen.paint(view(asking, self._showing(asking)))

    # What a key does

    def _rate(self, asking: Asking, rating: Rating, seconds: float) -> bool:
        """Commit, then go on. If it cannot be written the card stays, and says why."""
        card = asking.card
        wanted = [name for n in asking.taken if (name := card.follow_ups[n].card)]
        try:
            review = self.ledger.rate(rating, respond(asking, seconds), wanted)
        except StoreError as error:
            self.news, self.unsaved = error.say(self.lang), (card.name,)
            return False
        self.unsaved = ()
        self.outside.tell(review, self.session)
        if rating is Rating.AGAIN and not self.session.cram and is_leech(self.session.memory(card)):
            self._offer_leech(card)
        elif rating is Rating.AGAIN and card.kata and self._failed_twice(card):
            self._offer_kata(card, card.kata)
        self.ledger.catch_up()
        return True

    def _do(self, action: Do, card: Card) -> bool:
        """True when another card is to be asked."""
        try:
            match action:
                case Do.BURY:
                    self.ledger.bury(card)
                    self.news = QuizWords.buried.say(self.lang, card=card.name)
                    return True
                case Do.SUSPEND:
                    asleep = self.session.memory(card).suspended
                    self.ledger.suspend(card)
                    self.news = (QuizWords.woken if asleep else QuizWords.suspended).say(self.lang, card=card.name)
                    return True
                case Do.UNDO:
                    return self._undo()
                case Do.EDIT:
                    self._edit(card)
                case Do.KATA:
                    self._open_kata(card.kata)
                case Do.LEAVE:
                    pass
        except StoreError as error:
            self.news = error.say(self.lang)
        return False

    def _undo(self) -> bool:
        name, asked = self.ledger.undo()
        self.news = QuizWords.undone.say(self.lang, card=name) if name else QuizWords.nothing_to_undo.say(self.lang)
        return asked

    def _edit(self, card: Card) -> None:
        """The card's source in an editor, then the deck anew; a deck broken by it leaves the card as it was."""
        try:
            command = self.outside.editor(card)
            code = self.keyboard.lend(command)
        except ContentError as error:
            self.news = error.say(self.lang)
            return
        except NotStartedError as error:
            self.news = QuizWords.no_editor.say(self.lang, editor=command[0], why=error.say(self.lang))
            return
        try:
            self.ledger.read_again(card.deck)
        except ContentError as error:
            self.news = f"{QuizWords.unreadable.say(self.lang)} {error.say(self.lang)}"
            return
        self.news = QuizWords.editor_ended.say(self.lang, editor=command[0], code=code) if code else ""

    def _open_kata(self, kata: str | None) -> None:
        if kata is None:
            self.news = QuizWords.no_kata.say(self.lang)
            return
        try:
            self.keyboard.lend(self.outside.kata(kata), then=QuizWords.enter_goes_on.say(self.lang))
        except NotStartedError as error:
            self.news = QuizWords.not_started.say(self.lang, kata=kata, why=error.say(self.lang))

    def _failed_twice(self, card: Card) -> bool:
        """Was it forgotten just now for the second time in a row, in whichever sitting? A third offers nothing new."""
        ratings = [each.rating for each in self.ledger.store.reviews([card.name]) if not each.cram]
        return ratings[-2:] == [Rating.AGAIN] * 2 and ratings[-3:] != [Rating.AGAIN] * 3

    def _offer_kata(self, card: Card, kata: str) -> None:
        """What is not remembered by reading is remembered by doing."""
        self.screen.top = FRESH
        while True:
            self.screen.paint(kata_view(card, kata, lang=self.lang, width=self._width()))
            match self.keyboard.read():
                case "k":
                    self._open_kata(kata)
                    return
                case "space" | "enter" | "esc" | "q":
                    return
                case _:
                    continue

    def _offer_leech(self, card: Card) -> None:
        """A card that keeps slipping: its history, and what can be done about it."""
        reviews: Sequence[Review] = [each for each in self.ledger.store.reviews([card.name]) if not each.cram]
        memory = self.session.memory(card)
        while True:
            self.screen.top = FRESH
            self.screen.paint(leech_view(card, memory, reviews, lang=self.lang, width=self._width()))
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
