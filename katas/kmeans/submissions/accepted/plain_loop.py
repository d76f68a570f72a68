import math

import torch


def squared(a, b):
    return math.dist(a, b) ** 2


def kmeans(x, k, iterations=100, generator=None):
    points = x.tolist()
    n = len(points)
    if k < 1 or k > n:
        raise ValueError("bad k")

    def uniform():
        return torch.rand((), dtype=torch.float64, generator=generator).item()

    centers = [points[min(int(uniform() * n), n - 1)]]
    while len(centers) < k:
        weights = [min(squared(p, c) for c in centers) for p in points]
        left = uniform() * sum(weights)
        chosen = max(range(n), key=lambda i: weights[i])
        for i, weight in enumerate(weights):
            if weight > 0 and left < weight:
                chosen = i
                break
            left -= weight
        centers.append(points[chosen])

    def nearest(p):
        return min(range(k), key=lambda j: squared(p, centers[j]))

    labels = None
    for _ in range(iterations):
        new = [nearest(p) for p in points]
        members = [[i for i in range(n) if new[i] == j] for j in range(k)]
        for j in range(k):
            if not members[j]:
                candidates = [i for i in range(n) if len(members[new[i]]) > 1]
                far = max(candidates, key=lambda i: squared(points[i], centers[new[i]]))
                members[new[far]].remove(far)
                members[j] = [far]
                new[far] = j
        if new == labels:
            break
        labels = new
        centers = [[sum(points[i][a] for i in own) / len(own) for a in range(len(points[0]))] for own in members]
    return torch.tensor(centers, dtype=x.dtype, device=x.device), torch.tensor([nearest(p) for p in points], device=x.device)
