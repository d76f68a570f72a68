import torch


class ManualDropout:
    def __init__(self, p: float):
        assert p >= 0 and p <= 1
        self.p = p
        self.tape = None

    def forward(self, x: torch.Tensor, training: bool = True) -> torch.Tensor:
        if training and self.p < 1:
            mask = torch.empty_like(x, dtype=torch.float32).uniform_().ge(self.p)
            self.tape = [mask.to(x.dtype) / (1 - self.p)]
        else:
            self.tape = [torch.ones_like(x) * (0 if training else 1)]
        return x * self.tape[0]

    def backward(self, grad_out: torch.Tensor) -> torch.Tensor:
        if not self.tape:
            raise RuntimeError("backward a second time: what forward kept has been freed")
        return self.tape.pop() * grad_out
