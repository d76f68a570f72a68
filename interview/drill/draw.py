"""The draw for one asking of a card, from a seed that is kept with its review."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

from interview.content.cards.deck import Card, Option
from interview.dataclass import dataclass

MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """The options in the order shown, the values of the params; empty where a card has none."""

    options: tuple[Option, ...]
    params: Mapping[str, float]


def draw(card: Card, seed: int) -> Drawn:
    """The same seed draws the same."""
    options = tuple(sorted(card.options, key=lambda option: mix(seed, option.id)))
    return Drawn(options, {name: values[mix(seed, name) % len(values)] for name, values in card.params.items()})


def mix(seed: int, word: str) -> int:
    """64 well-stirred bits (splitmix64). `random` would take 4 ms to import before the first card."""
    value = (seed * 0x9E3779B97F4A7C15 + crc32(word.encode()) + 0x632BE59BD9B4E019) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)
