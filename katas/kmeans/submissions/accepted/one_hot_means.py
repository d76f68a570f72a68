import torch
import torch.nn.functional as F


def distances(x, c):
    return x.square().sum(1, keepdim=True) - 2 * x @ c.T + c.square().sum(1)


def kmeans(x, k, iterations=100, generator=None):
    if not (0 < k <= x.size(0)):
        raise ValueError(f"k={k} for {x.size(0)} points")
    kind, x = x.dtype, x.double()
    first = torch.randperm(x.size(0), generator=generator)[:1]
    centers = x[first]
    for _ in range(k - 1):
        weights = torch.stack([(x - c).pow(2).sum(-1) for c in centers]).amin(0)
        total = weights.sum()
        probabilities = weights / total if total > 0 else torch.full_like(weights, 1 / len(weights))
        centers = torch.cat([centers, x[torch.multinomial(probabilities, 1, replacement=True, generator=generator)]])
    labels = distances(x, centers).argmin(1)
    for _ in range(iterations):
        member = F.one_hot(labels, k).to(x)
        size = member.sum(0)
        while (size == 0).any():
            means = member.T @ x / size.clamp(min=1)[:, None]
            off = (x - means[member.argmax(1)]).norm(dim=1)
            off[size[member.argmax(1)] == 1] = -1
            moved, empty = off.argmax(), (size == 0).nonzero()[0, 0]
            member[moved] = 0
            member[moved, empty] = 1
            size = member.sum(0)
        centers = member.T @ x / size[:, None]
        new = distances(x, centers).argmin(1)
        if torch.equal(new, labels):
            break
        labels = new
    return centers.to(kind), labels
