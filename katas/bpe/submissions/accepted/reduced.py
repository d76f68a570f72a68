from collections import Counter
from functools import reduce
from itertools import pairwise


def push(out, token, pair):
    """Add a token at the right end, merging it with the last one if that is still free."""
    tokens, free = out
    if free and (tokens[-1], token) == pair:
        return [*tokens[:-1], tokens[-1] + token], False
    return [*tokens, token], True


def merge(tokens, pair):
    return reduce(lambda out, token: push(out, token, pair), tokens, ([], False))[0]


def singles(text):
    return [text.encode()[n : n + 1] for n in range(len(text.encode()))]


def train_bpe(text, num_merges):
    def more(tokens, left):
        ranked = sorted(Counter(pairwise(tokens)).items(), key=lambda item: (-item[1], item[0]))
        if not left or not ranked or ranked[0][1] == 1:
            return []
        return [ranked[0][0], *more(merge(tokens, ranked[0][0]), left - 1)]

    return more(singles(text), num_merges)


def bpe_encode(text, merges):
    return reduce(merge, merges, singles(text))


def bpe_decode(tokens):
    return reduce(bytes.__add__, tokens, b"").decode()
