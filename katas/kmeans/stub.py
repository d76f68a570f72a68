import torch


def kmeans(
    x: torch.Tensor, k: int, iterations: int = 100, generator: torch.Generator | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Cluster the rows of x (n, d), float32 or float64. Returns centers (k, d) and labels (n,), int64."""
    raise NotImplementedError
