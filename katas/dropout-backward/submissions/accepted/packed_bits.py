import torch


class ManualDropout:
    """The mask is stored as one bit per element."""

    __slots__ = ("p", "bits", "training")

    def __init__(self, p: float) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"p must be in [0, 1], not {p}")
        self.p = p

    def forward(self, x: torch.Tensor, training: bool = True) -> torch.Tensor:
        self.training = training
        if training:
            count = -(-x.numel() // 8) * 8
            keep = torch.rand(count, device=x.device) >= self.p
            weights = 2 ** torch.arange(8, device=x.device)
            self.bits = (keep.view(-1, 8) * weights).sum(1).to(torch.uint8)
        return self._gate(x)

    def backward(self, grad_out: torch.Tensor) -> torch.Tensor:
        return self._gate(grad_out)

    def _gate(self, t):
        if not self.training:
            return t
        shifts = torch.arange(8, device=t.device)
        keep = (self.bits.long().unsqueeze(1) >> shifts & 1).flatten()[: t.numel()].view(t.shape)
        return t * keep.to(t.dtype) * (1 / (1 - self.p) if self.p < 1 else 0)
