import torch


def adjacent(ids):
    return torch.stack([ids[:-1], ids[1:]], 1)


def train_bpe(text, num_merges):
    vocab = [bytes([n]) for n in range(256)]
    ids = torch.tensor(list(text.encode()), dtype=torch.long)
    merges = []
    while len(merges) < num_merges and len(ids) > 1:
        pairs, counts = torch.unique(adjacent(ids), dim=0, return_counts=True)
        if counts.max() < 2:
            break
        best = min((vocab[a], vocab[b], a, b) for a, b in pairs[counts == counts.max()].tolist())
        merges.append(best[:2])
        vocab.append(best[0] + best[1])
        ids = fuse(ids, best[2], best[3], len(vocab) - 1)
    return merges


def fuse(ids, a, b, new):
    if len(ids) < 2:
        return ids
    hit = (ids[:-1] == a) & (ids[1:] == b)
    if a == b:  # in a run only every second place can be merged
        free = True
        for n, each in enumerate(hit.tolist()):
            hit[n] = each and free
            free = not (each and free)
    keep = torch.ones(len(ids), dtype=torch.bool)
    keep[1:] = ~hit
    ids = ids.clone()
    ids[:-1][hit] = new
    return ids[keep]


def bpe_encode(text, merges):
    vocab = {bytes([n]): n for n in range(256)}
    names = [bytes([n]) for n in range(256)]
    ids = torch.tensor([*text.encode()], dtype=torch.long)
    for left, right in merges:
        vocab.setdefault(left + right, len(names))
        names.append(left + right)
        ids = fuse(ids, vocab[left], vocab[right], vocab[left + right])
    return [names[n] for n in ids.tolist()]


def bpe_decode(tokens):
    return b"".join(tokens).decode("utf-8")
