import torch


def _by_slice(x, dim, function):
    rows = x.movedim(dim, -1)
    flat = rows.reshape(-1, rows.shape[-1])
    done = [torch.stack(function([row[j] for j in range(len(row))])) for row in flat]
    if not done:
        return x.clone()
    return torch.stack(done).reshape(rows.shape).movedim(-1, dim)


def _softmax(row):
    top = row[0]
    for each in row:
        if each > top:
            top = each
    powers = [torch.exp(each - top) for each in row]
    total = powers[0]
    for each in powers[1:]:
        total = total + each
    return [each / total for each in powers]


def _log_softmax(row):
    top = max(row, key=lambda each: each.item())
    total = sum(torch.exp(each - top) for each in row)
    return [each - top - torch.log(total) for each in row]


def softmax(x, dim=-1):
    return _by_slice(x, dim, _softmax)


def log_softmax(x, dim=-1):
    return _by_slice(x, dim, _log_softmax)
