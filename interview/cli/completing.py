"""Shell completion: names for one half typed. It complains of nothing: what cannot be read is not offered."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from interview.cli.world import World
from interview.content.catalog import deck_names, find_deck, find_kata, kata_names
from interview.content.packs import added

if TYPE_CHECKING:
    from interview.content.cards.deck import Deck

Roots = tuple[Path, ...]


class Line(Protocol):
    """What stands on the line already, as typer's context has it: typer knows it by its name, `ctx`."""

    params: Any
    args: Any


MEANT = {"'": "'", '"': '"$`\\!'}  # what is no plain character within each kind of quotes


def complete_kata(incomplete: str) -> list[str]:
    return offered(incomplete, kata_names)


def complete_check(ctx: Line, incomplete: str) -> list[str]:
    """The checks of the kata that is named before; none where none is."""
    named = ctx.params.get("name") or next(iter(ctx.args), "")

    def checks(roots: Roots) -> Iterable[str]:
        folder = find_kata(roots, first(named))
        return kept("checks", folder / "kata.yaml", lambda: checks_of(folder)) if folder else []

    return offered(incomplete, checks)


def complete_style(ctx: Line, incomplete: str) -> list[str]:
    """The right answers of the kata that is named before, by their names."""
    named = ctx.params.get("name") or next(iter(ctx.args), "")

    def styles(roots: Roots) -> Iterable[str]:
        folder = find_kata(roots, first(named))
        return sorted(path.stem for path in (folder / "submissions" / "accepted").glob("*.py")) if folder else []

    return offered(incomplete, styles)


def complete_role(incomplete: str) -> list[str]:
    def names(_: Roots) -> Iterable[str]:
        from interview.content.roles import roles

        return roles()

    return offered(incomplete, names)


def complete_deed(incomplete: str) -> list[str]:
    """What `pack` does."""
    return offered(incomplete, lambda _: ("add", "list", "remove"))


def complete_pack(ctx: Line, incomplete: str) -> list[str]:
    """Behind `pack remove` the packs that were added; behind `pack add` nothing, for any folder may be one."""
    packs = added(World.here(lang=None, color=False).home()) if "remove" in ctx.args else ()
    return offered(incomplete, lambda _: (each.name for each in packs))


def complete_what(incomplete: str) -> list[str]:
    """What `new` begins."""
    return offered(incomplete, lambda _: ("kata", "deck"))


def complete_deck(incomplete: str) -> list[str]:
    return offered(incomplete, deck_names)


def complete_deck_or_card(incomplete: str) -> list[str]:
    """Decks; behind `deck/`, its cards."""
    return complete_card(incomplete) if "/" in incomplete else complete_deck(incomplete)


def complete_card(incomplete: str) -> list[str]:
    """Cards once a deck is named, decks before."""
    deck, slash, _ = incomplete.partition("/")
    if not slash:
        return [f"{name}/" for name in complete_deck(incomplete)]
    return offered(incomplete, lambda roots: kept_of_deck("cards", roots, deck, cards_of))


def complete_tag(ctx: Line, incomplete: str) -> list[str]:
    """The tags of the decks that are named before; of all, where none is. A tag is any text."""
    typed = ctx.params.get("deck") or ctx.args  # while `--tag` has no value, nothing is sorted in yet
    named = [str(each).split("/")[0] for each in typed]

    def tags(roots: Roots) -> Iterable[str]:
        known = named or deck_names(roots)
        return sorted({tag for name in known for tag in kept_of_deck("tags", roots, name, tags_of)})

    found = offered(incomplete, tags)
    return list(for_bash(found)) if os.environ.get("_INTERVIEW_COMPLETE") == "complete_bash" else found


def offered(incomplete: str, names: Callable[[Roots], Iterable[str]]) -> list[str]:
    try:
        return [name for name in names(World.here(lang=None, color=False).roots()) if name.startswith(incomplete)]
    except Exception:  # the person is in the middle of a line: whatever it is, the command itself will say it
        return []


class Quoted(str):
    """Begins with what the person typed, though the letters differ: typer would drop it."""

    __slots__ = ()

    def startswith(self, *_: object) -> bool:
        return True


def for_bash(names: Iterable[str]) -> Iterator[str]:
    """As they can stand in the line: bash, unlike other shells, quotes nothing, and would run a tag's `$(…)`.

    Within quotes that are open nothing more can be quoted: what means something there is not offered.
    """
    mark = os.environ.get("COMP_WORDS", "").split("\n")[-1][:1]
    for name in names:
        if mark not in MEANT:
            yield Quoted(re.sub(r"[^\w@%+=:,./-]", r"\\\g<0>", name))
        elif not set(name) & set(MEANT[mark]):
            yield name


def first(named: object) -> str:
    """Of a context's values, which are lists before typer has sorted them in."""
    return str(named[0] if isinstance(named, list) else named)


def kept_of_deck(kind: str, roots: Roots, name: str, of: Callable[[Deck], list[str]]) -> list[str]:
    """Names in a deck; none of one that cannot be read."""
    from interview.errors import InterviewError

    try:
        path = find_deck(roots, name)
        return kept(kind, path, lambda: of(read(path))) if path is not None else []
    except InterviewError:
        return []


def cards_of(deck: Deck) -> list[str]:
    return [card.name for card in deck.cards]


def tags_of(deck: Deck) -> list[str]:
    return sorted({tag for card in deck.cards for tag in card.tags})


def read(path: Path) -> Deck:
    from interview.content.shelf import Shelf

    return Shelf(home() / "cache").deck(path)


def checks_of(folder: Path) -> list[str]:
    from interview.content.katas.kata_file import load_kata

    return [each.id for each in load_kata(folder).checks]


def home() -> Path:
    return World.here(lang=None, color=False).home()


def kept(kind: str, path: Path, make: Callable[[], list[str]]) -> list[str]:
    """The names that `make` finds in a file, as they were kept when it last was as it is now: to read a deck takes
    longer than a Tab may."""
    from zlib import crc32

    from interview import __version__
    from interview.cache import put, take

    status, whole = path.stat(), str(path).encode(errors="surrogateescape")
    stamp = f"{__version__} {status.st_mtime_ns} {status.st_size} {status.st_ino}"
    place = home() / "cache" / "names" / f"{kind}-{crc32(whole):08x}"
    at, *names = (take(place) or b"").decode("utf-8", "replace").split("\n")
    if at == f"{stamp} {path}":
        return names
    made = make()
    if not any("\n" in name for name in made):
        put(place, "\n".join([f"{stamp} {path}", *made]).encode("utf-8", "replace"))
    return made
