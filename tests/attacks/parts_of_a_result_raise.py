# A Tensor whose every attribute raises what would end a test.
# must: failed|crashed
# with: wrong
class Odd(torch.Tensor):
    def __getattribute__(self, name):
        if name in ("shape", "dtype", "device", "detach", "requires_grad", "grad_fn", "numpy", "tolist", "data_ptr"):
            raise KeyboardInterrupt
        return super().__getattribute__(name)
def dropout(x, p=0.5, training=True):
    return x.as_subclass(Odd)
