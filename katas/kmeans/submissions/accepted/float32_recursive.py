import torch


def kmeans(x, k, iterations=100, generator=None):
    assert k >= 1 and k <= x.shape[0]
    small = x.to(torch.float32)

    def pick(have):
        if have.shape[0] == k:
            return have
        weights = ((small[:, None] - have[None]) ** 2).sum(-1).min(-1).values
        weights = weights + (weights.sum() == 0)
        return pick(torch.cat([have, small[weights.multinomial(1, generator=generator)]]))

    def label(centers):
        return torch.stack([(small - c).square().sum(-1) for c in centers], -1).min(-1).indices

    def go(centers, before, left):
        if left == 0:
            return centers
        now = label(centers)
        own = (small - centers[now]).square().sum(-1)
        for j in range(k):
            if not (now == j).any():
                alone = torch.tensor([bool((now == each).sum() == 1) for each in now], device=x.device)
                at = own.masked_fill(alone, -1).argmax()
                now[at], own[at] = j, 0
        if before is not None and bool((now == before).all()):
            return centers
        means = torch.zeros_like(centers).scatter_reduce(0, now[:, None].expand_as(small), small, "mean", include_self=False)
        return go(means, now, left - 1)

    start = small[torch.randint(0, x.shape[0], [1], generator=generator)]
    centers = go(pick(start), None, iterations)
    return centers.to(x.dtype), label(centers)
