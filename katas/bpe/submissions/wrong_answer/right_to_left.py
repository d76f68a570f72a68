from collections import Counter


def train_bpe(text: str, num_merges: int) -> list[tuple[bytes, bytes]]:
    tokens = single_bytes(text)
    merges: list[tuple[bytes, bytes]] = []
    while len(merges) < num_merges:
        counts = Counter(zip(tokens, tokens[1:]))
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
    return b"".join(tokens).decode()


def single_bytes(text: str) -> list[bytes]:
    return [bytes([each]) for each in text.encode()]


def merge(tokens: list[bytes], pair: tuple[bytes, bytes]) -> list[bytes]:
    merged, n = [], len(tokens) - 1
    while n >= 0:
        if n > 0 and (tokens[n - 1], tokens[n]) == pair:
            merged.append(tokens[n - 1] + tokens[n])
            n -= 2
        else:
            merged.append(tokens[n])
            n -= 1
    return merged[::-1]
