import bisect
from collections import defaultdict


class Chain:
    """A doubly linked list with the places of every pair; counts kept up by differences."""

    def __init__(self, data):
        n = len(data)
        self.tok = [data[i : i + 1] for i in range(n)]
        self.nxt = [i + 1 if i + 1 < n else -1 for i in range(n)]
        self.prv = [i - 1 for i in range(n)]
        self.places = defaultdict(set)
        for i in range(n - 1):
            self.places[self.tok[i], self.tok[i + 1]].add(i)

    def pair(self, i):
        j = self.nxt[i]
        return None if i < 0 or j < 0 else (self.tok[i], self.tok[j])

    def drop(self, i):
        if i >= 0 and (p := self.pair(i)) is not None:
            self.places[p].discard(i)
            if not self.places[p]:
                del self.places[p]

    def add(self, i):
        if i >= 0 and (p := self.pair(i)) is not None:
            self.places[p].add(i)

    def join(self, pair):
        for i in sorted(self.places.get(pair, ())):
            if i not in self.places.get(pair, ()):
                continue
            j = self.nxt[i]
            k, h = self.nxt[j], self.prv[i]
            self.drop(h), self.drop(i), self.drop(j)
            self.tok[i] = pair[0] + pair[1]
            self.tok[j] = None
            self.nxt[i] = k
            self.nxt[j] = -1
            if k >= 0:
                self.prv[k] = i
            self.add(h), self.add(i)

    def tokens(self):
        return [t for t in self.tok if t is not None]


def train_bpe(text, num_merges):
    chain, merges = Chain(text.encode()), []
    while len(merges) < num_merges and chain.places:
        best = min(chain.places, key=lambda p: (-len(chain.places[p]), p))
        if len(chain.places[best]) < 2:
            break
        merges.append(best)
        chain.join(best)
    return merges


def bpe_encode(text, merges):
    chain = Chain(text.encode())
    for pair in merges:
        chain.join(tuple(pair))
    return chain.tokens()


def bpe_decode(tokens):
    return bytes().join(tokens).decode()
