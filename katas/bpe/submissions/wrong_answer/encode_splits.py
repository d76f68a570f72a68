from collections import Counter


def merge(tokens, pair):
    out, i = [], 0
    while i < len(tokens):
        if i + 1 < len(tokens) and (tokens[i], tokens[i + 1]) == pair:
            out.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            out.append(tokens[i])
            i += 1
    return out


def start(text):
    return [bytes([b]) for b in text.encode("utf-8")]


def train_bpe(text, num_merges):
    tokens = start(text)
    merges = []
    for _ in range(num_merges):
        counts = Counter(zip(tokens, tokens[1:]))
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        tokens = merge(tokens, best)
    return merges


def bpe_encode(text, merges):
    tokens = start(text)
    out = []
    for line in text.splitlines(keepends=True):
        part = start(line)
        for pair in merges:
            part = merge(part, pair)
        out += part
    return out


def bpe_decode(tokens):
    return b"".join(tokens).decode("utf-8")
