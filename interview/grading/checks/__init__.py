"""The library of checks: what a hidden suite may import, and all that it may import of ours.

    expect           a known mistake, any other failure, and the helpers that raise them
    solution         the submission as a suite meets it, and what it raises
    statistics       how far a right answer may stray: bounds proved for every n
    masks            inputs with which a mask can be read off, and what is asked of one
    generic          what every kata asks: from scratch, arguments, dtypes, layouts, the device
    oracle           a deterministic module beside its truth in float64
    check            what makes a method one that lends a check
    callers, units   how a family calls a submission, and what a coin belongs to
    dropout_family   whole checks, for katas that keep or drop by a coin: `test_rate = dropout.rate()`
    worker_side      what runs beside the submission

Each module's `__all__` is what authors of packs may build on. Sentences and titles lie in the YAML files beside them.
"""

__all__ = [
    "callers",
    "check",
    "dropout_family",
    "expect",
    "generic",
    "masks",
    "oracle",
    "solution",
    "statistics",
    "units",
    "worker_side",
]
