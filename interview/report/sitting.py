"""A sitting, for a program: an object a review, and one of totals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from interview.dataclass import dataclass
from interview.drill.summary import Summary
from interview.log.record import Confidence, Rating, Review
from interview.report.fields import CardName, Count, Measure, Number


@dataclass(frozen=True, slots=True)
class ReviewJson:
    """`quiz … --json`: one object a review."""

    card: CardName
    rating: Rating
    confidence: Confidence | None
    seconds: Measure
    due: date | None
    at: datetime
    proposed: Rating | None
    right: bool | None
    mistake: str | None
    given: str | None
    depth: Count
    cram: bool


@dataclass(frozen=True, slots=True)
class LeftJson:
    """Cards of this sitting that were not asked yet, or have to come again."""

    new: Count
    again: Count
    due: Count


@dataclass(frozen=True, slots=True)
class ComingJson:
    day: date
    cards: Number


@dataclass(frozen=True, slots=True)
class WeakJson:
    name: str
    known: Count
    cards: Number


@dataclass(frozen=True, slots=True)
class TotalsJson:
    reviews: Count
    cards: Count
    right: Count
    seconds: Measure
    again: Count
    hard: Count
    good: Count
    easy: Count
    known: Annotated[Count, "Cards known at their first asking."]
    left: LeftJson
    comes: Annotated[tuple[ComingJson, ...], "How many of the cards asked come back on which day."]
    weak: Annotated[
        tuple[WeakJson, ...],
        "Topics (tags; with several decks, decks too) of which no more than half was known at once.",
    ]


@dataclass(frozen=True, slots=True)
class QuizJson:
    """`quiz … --json`: the last object."""

    totals: TotalsJson


def review_json(review: Review, due: date | None) -> ReviewJson:
    return ReviewJson(
        card=review.card,
        rating=review.rating,
        confidence=review.confidence,
        seconds=review.seconds,
        due=due,
        at=review.at,
        proposed=review.proposed,
        right=review.right,
        mistake=review.mistake,
        given=review.given,
        depth=review.depth,
        cram=review.cram,
    )


def quiz_json(done: Sequence[Review], summary: Summary) -> QuizJson:
    rated = [review.rating for review in done]
    left = summary.left
    return QuizJson(
        TotalsJson(
            reviews=summary.reviews,
            cards=summary.cards,
            right=sum(review.right is True for review in done),
            seconds=summary.seconds,
            again=rated.count(Rating.AGAIN),
            hard=rated.count(Rating.HARD),
            good=rated.count(Rating.GOOD),
            easy=rated.count(Rating.EASY),
            known=summary.known,
            left=LeftJson(new=left.new, again=left.again, due=left.due),
            comes=tuple(ComingJson(day, cards) for day, cards in summary.comes.items()),
            weak=tuple(WeakJson(topic.name, topic.known, topic.cards) for topic in summary.weak),
        )
    )
