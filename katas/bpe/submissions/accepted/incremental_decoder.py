import codecs
from collections import Counter


def train_bpe(text: str, num_merges: int) -> list[tuple[bytes, bytes]]:
    tokens = single_bytes(text)
    merges: list[tuple[bytes, bytes]] = []
    while len(merges) < num_merges:
        counts = Counter(zip(tokens, tokens[1:]))  # overlaps count: aaaa has three of (a, a)
        if not counts:
            break
        pair = min(counts, key=lambda each: (-counts[each], each))
        if counts[pair] < 2:
            break
        merges.append(pair)
        tokens = merge(tokens, pair)
    return merges


def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[bytes]:
    tokens = single_bytes(text)
    for pair in merges:
        tokens = merge(tokens, pair)
    return tokens


def bpe_decode(tokens: list[bytes]) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()  # keeps what a token leaves of a character until the next
    return "".join(decoder.decode(each) for each in tokens) + decoder.decode(b"", final=True)


def single_bytes(text: str) -> list[bytes]:
    return [bytes([each]) for each in text.encode()]


def merge(tokens: list[bytes], pair: tuple[bytes, bytes]) -> list[bytes]:
    merged, n = [], 0
    while n < len(tokens):
        if tuple(tokens[n : n + 2]) == pair:
            merged.append(tokens[n] + tokens[n + 1])
            n += 2
        else:
            merged.append(tokens[n])
            n += 1
    return merged
