"""A linked list and running counts: each merge touches only its own neighbourhood, the pair to merge comes off a heap."""

import heapq
from collections import Counter, defaultdict


class Chain:
    def __init__(self, text):
        self.token = [bytes([b]) for b in text.encode()]
        n = len(self.token)
        self.after = [i + 1 if i + 1 < n else None for i in range(n)]
        self.before = [i - 1 if i else None for i in range(n)]
        self.alive = [True] * n
        self.counts = Counter()
        self.places = defaultdict(set)
        for i in range(n - 1):
            self.put(i)

    def pair(self, i):
        return self.token[i], self.token[self.after[i]]

    def put(self, i):
        self.counts[self.pair(i)] += 1
        self.places[self.pair(i)].add(i)

    def take(self, i):
        self.counts[self.pair(i)] -= 1
        self.places[self.pair(i)].discard(i)

    def merge(self, pair):
        touched = set()
        for i in sorted(self.places[pair]):
            if not self.alive[i] or i not in self.places[pair]:
                continue
            j = self.after[i]
            h, k = self.before[i], self.after[j]
            for each in (h, i, j):
                if each is not None and self.after[each] is not None:
                    touched.add(self.pair(each))
                    self.take(each)
            self.token[i] += self.token[j]
            self.alive[j] = False
            self.after[i] = k
            if k is not None:
                self.before[k] = i
            for each in (h, i):
                if each is not None and self.after[each] is not None:
                    self.put(each)
                    touched.add(self.pair(each))
        return touched


def train_bpe(text, num_merges):
    chain = Chain(text)
    heap = [(-count, pair) for pair, count in chain.counts.items()]
    heapq.heapify(heap)
    merges = []
    while heap and len(merges) < num_merges:
        count, pair = heapq.heappop(heap)
        if chain.counts[pair] != -count:
            continue
        if count > -2:
            break
        merges.append(pair)
        for each in chain.merge(pair):
            if chain.counts[each] > 0:
                heapq.heappush(heap, (-chain.counts[each], each))
    return merges


def bpe_encode(text, merges):
    chain = Chain(text)
    for pair in merges:
        chain.merge(tuple(pair))
    return [token for token, alive in zip(chain.token, chain.alive) if alive]


def bpe_decode(tokens):
    return b"".join(tokens).decode()
