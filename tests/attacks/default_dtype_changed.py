# Changes the default dtype and the number of threads for everybody.
# must: failed
# with: wrong
torch.set_default_dtype(torch.float64)
torch.set_num_threads(2)
def dropout(x, p=0.5, training=True):
    torch.set_default_dtype(torch.float64)
    return x.double()
