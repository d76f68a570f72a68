def stats(ids):
    counts = {}
    for pair in zip(ids, ids[1:]):
        counts[pair] = counts.get(pair, 0) + 1
    return counts


def join(ids, pair, new):
    out = []
    i = 0
    while i < len(ids):
        if i < len(ids) - 1 and ids[i] == pair[0] and ids[i + 1] == pair[1]:
            out.append(new)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out


def train_bpe(text, num_merges):
    vocab = {n: bytes([n]) for n in range(256)}
    ids = list(text.encode("utf-8"))
    merges = []
    for k in range(num_merges):
        counts = stats(ids)
        if not counts or max(counts.values()) < 2:
            break
        top = max(counts.values())
        pair = min((p for p in counts if counts[p] == top), key=lambda p: (vocab[p[0]], vocab[p[1]]))
        vocab[256 + k] = vocab[pair[0]] + vocab[pair[1]]
        merges.append((vocab[pair[0]], vocab[pair[1]]))
        ids = join(ids, pair, 256 + k)
    return merges


def bpe_encode(text, merges):
    """Always the pair that was merged earliest in training, until none is left."""
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    tokens = [bytes([b]) for b in text.encode("utf-8")]
    while len(tokens) >= 2:
        pair = min(zip(tokens, tokens[1:]), key=lambda p: ranks.get(p, float("inf")))
        if pair not in ranks:
            break
        tokens = join(tokens, pair, pair[0] + pair[1])
    return tokens


def bpe_decode(tokens):
    return b"".join(tokens).decode("utf-8", errors="replace")
