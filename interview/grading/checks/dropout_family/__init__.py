"""The family of dropout: the checks that katas share which toss coins, and keep or drop what they belong to.

    dropout = Family(call=Function("dropout"))                             # a coin an element, x/(1-p), p = 0.5
    maps = Family(call=Function("dropout2d"), unit=CHANNEL, side=110)
    test_rate = dropout.rate()

The order of a suite decides which mistake leads: that of `dropout_family.yaml` is the one that teaches. Each
statistical test spends at most ALPHA = 1e-11 of false alarm and a suite has fewer than a hundred of them, so a right
answer is turned away with probability below 1e-9 a run. Some 370,000 coins are drawn, or 150,000 where a plain loop
goes over units. Inputs have both signs, no zeros and no repeated value, but for what is asked about these; p is rarely
one half, where keep and drop, 1/p and 1/(1-p), coincide.
"""

from __future__ import annotations

from interview.grading.checks.dropout_family.base import Base, Reading, Scale, Scaled, inverted, unscaled
from interview.grading.checks.dropout_family.calls import Calls
from interview.grading.checks.dropout_family.coins import Coins
from interview.grading.checks.dropout_family.ends import Ends
from interview.grading.checks.dropout_family.forms import Forms
from interview.grading.checks.dropout_family.gradient import Gradient
from interview.grading.checks.dropout_family.interface import Interface
from interview.grading.checks.dropout_family.quiet import Quiet
from interview.grading.checks.dropout_family.range import Range
from interview.grading.checks.dropout_family.rates import Rates
from interview.grading.checks.dropout_family.values import Values

__all__ = ["Base", "Family", "Reading", "Scale", "Scaled", "inverted", "unscaled"]


class Family(Interface, Range, Quiet, Values, Rates, Coins, Calls, Gradient, Ends, Forms):
    """One kata of the family: see `Base` for its parameters. Each method gives a check of that name."""
