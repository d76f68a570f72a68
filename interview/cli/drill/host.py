"""The host of a sitting: the editor, the kata, the deck's file, the sources, the JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from interview.cli.world import World
from interview.content.cards.deck import Card, Deck, Reference
from interview.content.catalog import find_deck, references_in
from interview.content.shelf import Shelf
from interview.drill.session import Session
from interview.errors import ContentError
from interview.log.record import Review


class Beyond:
    """The `Outside` of a real terminal."""

    def __init__(self, world: World, shelf: Shelf, *, as_json: bool) -> None:
        self.world = world
        self.shelf = shelf
        self.as_json = as_json
        self._reasons: dict[str, str] = {}
        self._references: dict[str, Reference] | None = None

    def editor(self, card: Card) -> list[str]:
        from interview.cli.tools.editor import editor_at

        return editor_at(self._path(card.deck), card.line)

    def kata(self, kata: str) -> list[str]:
        """`interview kata NAME`; -P: no module of the folder one happens to be in is imported."""
        plain = [] if self.world.color else ["--no-color"]
        return [sys.executable, "-P", "-m", "interview", *plain, "--lang", self.world.lang, "kata", kata]

    def load(self, deck: str) -> Deck:
        return self.shelf.deck(self._path(deck))

    def _path(self, deck: str) -> Path:
        path = find_deck(self.world.roots(), deck)
        if path is None:
            raise ContentError(f"the deck `{deck}` is no longer there", f"题库 `{deck}` 已经不在了")
        return path

    def references(self) -> Mapping[str, Reference]:
        """All sources, read once, when the first back is shown. A list that cannot be read leaves the keys."""
        from interview.content.cards.references import load_references

        if self._references is None:
            self._references = {}
            for root in self.world.roots():
                with suppress(OSError):
                    for path in references_in(root / "questions"):
                        with suppress(ContentError):
                            self._references |= load_references(path)
        return self._references

    def reason(self, why: str) -> str:
        from interview.cli.drill.reason import reason

        if why not in self._reasons:
            self._reasons[why] = reason(self.world, why)
        return self._reasons[why]

    def settle(self) -> None:
        """What can wait until the first card is on the screen."""
        self.shelf.settle()

    def tell(self, review: Review, session: Session) -> None:
        if self.as_json:
            from interview.cli.drill.telling import print_review

            print_review(review, session)
