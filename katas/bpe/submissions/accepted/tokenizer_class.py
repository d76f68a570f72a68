class Tokenizer:
    def __init__(self, text):
        self.data = text.encode("utf-8")
        self.cuts = list(range(len(self.data) + 1))  # where tokens begin and end

    def tokens(self):
        return [self.data[a:b] for a, b in zip(self.cuts, self.cuts[1:])]

    def count(self):
        counts = {}
        tokens = self.tokens()
        for pair in zip(tokens[:-1], tokens[1:]):
            counts[pair] = counts.setdefault(pair, 0) + 1
        return counts

    def apply(self, pair):
        tokens = self.tokens()
        gone, n = set(), 0
        while n + 1 < len(tokens):
            if (tokens[n], tokens[n + 1]) == tuple(pair):
                gone.add(self.cuts[n + 1])
                n += 1
            n += 1
        self.cuts = [cut for cut in self.cuts if cut not in gone]


def train_bpe(text, num_merges):
    if num_merges < 0:
        raise ValueError("num_merges must not be negative")
    own, merges = Tokenizer(text), []
    while num_merges > len(merges):
        counts = own.count()
        repeated = [(-count, *pair) for pair, count in counts.items() if count > 1]
        if not repeated:
            break
        _, left, right = min(repeated)
        merges.append((left, right))
        own.apply((left, right))
    return merges


def bpe_encode(text, merges):
    own = Tokenizer(text)
    for pair in merges:
        own.apply(pair)
    return own.tokens()


def bpe_decode(tokens):
    return b"".join(tokens).decode("utf-8", "strict")
