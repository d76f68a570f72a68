from collections import Counter
from functools import partial


def joined(pair, tokens):
    held = None
    for token in tokens:
        if held is None:
            held = token
        elif (held, token) == pair:
            yield held + token
            held = None
        else:
            yield held
            held = token
    if held is not None:
        yield held


def train_bpe(text, num_merges):
    tokens = [bytes([b]) for b in bytes(text, "utf-8")]
    merges = []
    for _ in range(num_merges):
        ranking = sorted(Counter(zip(tokens, tokens[1:])).items(), key=lambda item: item[0])
        ranking.sort(key=lambda item: item[1], reverse=True)
        if not ranking or ranking[0][1] == 1:
            return merges
        merges.append(ranking[0][0])
        tokens = list(joined(ranking[0][0], tokens))
    return merges


def bpe_encode(text, merges):
    stream = (bytes([b]) for b in bytes(text, "utf-8"))
    for pair in merges:
        stream = joined(pair, list(stream))
    return [*stream]


def bpe_decode(tokens):
    return "".join(map(chr, b"".join(tokens))).encode("latin-1").decode("utf-8")
