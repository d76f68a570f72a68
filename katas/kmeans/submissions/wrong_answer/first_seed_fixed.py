import torch


def kmeans(
    x: torch.Tensor, k: int, iterations: int = 100, generator: torch.Generator | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    if not 1 <= k <= len(x):
        raise ValueError(f"k lies between 1 and the number of points, {len(x)}: {k}")
    centers = seed(x, k, generator)
    labels = None
    for _ in range(iterations):
        new = fill_empty(x, centers, nearest(x, centers))
        if labels is not None and torch.equal(new, labels):
            break
        labels = new
        centers = torch.stack([x[labels == j].mean(0) for j in range(k)])
    return centers, nearest(x, centers)


def seed(x: torch.Tensor, k: int, generator: torch.Generator | None) -> torch.Tensor:
    chosen = torch.zeros(1, dtype=torch.int64, device=x.device)
    squared = ((x - x[chosen]) ** 2).sum(1)
    while len(chosen) < k:
        weights = squared if squared.sum() > 0 else torch.ones_like(squared)
        new = torch.multinomial(weights, 1, generator=generator)
        chosen = torch.cat([chosen, new])
        squared = torch.minimum(squared, ((x - x[new]) ** 2).sum(1))
    return x[chosen]


def squares(x: torch.Tensor, centers: torch.Tensor) -> torch.Tensor:
    return ((x[:, None] - centers) ** 2).sum(2)


def nearest(x: torch.Tensor, centers: torch.Tensor) -> torch.Tensor:
    return squares(x, centers).argmin(1)


def fill_empty(x: torch.Tensor, centers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    counts = torch.bincount(labels, minlength=len(centers))
    if bool((counts > 0).all()):
        return labels
    own = squares(x, centers).gather(1, labels[:, None]).squeeze(1)
    for empty in (counts == 0).nonzero().flatten().tolist():
        point = torch.where(counts[labels] > 1, own, -1.0).argmax()
        counts[labels[point]] -= 1
        counts[empty] = 1
        labels[point], own[point] = empty, -1.0
    return labels
