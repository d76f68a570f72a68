import torch


def kmeans(x, k, iterations=100, generator=None):
    n, d = x.shape
    assert 1 <= k <= n, "k must be between 1 and n"
    centers = x.new_empty(k, d)
    centers[0] = x[torch.randint(0, n, (), generator=generator)]
    for j in range(1, k):
        squared = torch.cdist(x, centers[:j]).min(dim=1).values.square()
        if squared.max() == 0:
            squared = squared + 1
        cumulative = squared.cumsum(0)
        draw = torch.rand((), generator=generator).to(x) * cumulative[-1]
        index = torch.searchsorted(cumulative, draw, right=True).clamp(max=n - 1)
        centers[j] = x[index]

    labels = torch.full((n,), -1, device=x.device)
    for _ in range(iterations):
        distance, nearest = torch.cdist(x, centers).min(dim=1)
        if (nearest == labels).all():
            break
        labels = nearest
        counts = torch.zeros(k, dtype=x.dtype, device=x.device).index_add_(0, labels, torch.ones_like(distance))
        sums = torch.zeros_like(centers).index_add_(0, labels, x)
        moved = sums / counts.clamp(min=1)[:, None]
        # an empty cluster goes to the point farthest away; its old cluster lets go of it at the next labelling
        distance = torch.where(counts[labels] > 1, distance, torch.full_like(distance, -1))
        for j in torch.nonzero(counts == 0).flatten():
            far = distance.argmax()
            moved[j] = x[far]
            distance[far] = -1
        centers = moved
    return centers, torch.cdist(x, centers).argmin(dim=1)
