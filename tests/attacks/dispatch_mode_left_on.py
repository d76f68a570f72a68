# Leaves a dispatch mode on that makes every comparison of tensors true.
# must: failed|crashed
# with: wrong
from torch.utils._python_dispatch import TorchDispatchMode
class Yes(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if "eq" in str(func) or "close" in str(func):
            return torch.ones_like(args[0], dtype=torch.bool)
        return func(*args, **(kwargs or {}))
Yes().__enter__()
