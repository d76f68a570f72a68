
import torch
def nearest(x, c):
    d = (x[:, None, :] - c[None]).square().sum(-1)
    return d
def pick(w, u):
    u *= sum(w)
    for i, v in enumerate(w):
        if u < v:
            return [i]
        u -= v
    return [max(range(len(w)), key=w.__getitem__)]
def kmeans(x, k, iterations=100, generator=None):
    n = len(x)
    if not 1 <= k <= n:
        raise ValueError(k)
    first = torch.randint(n, (1,), generator=generator)
    c = x[first.to(x.device)].clone()
    while len(c) < k:
        w = nearest(x, c).min(1).values.double()
        if w.sum() == 0:
            w = torch.ones(n, dtype=torch.float64)
        c = torch.cat([c, x[pick(w.tolist(), torch.rand((), dtype=torch.float64, generator=generator).item())]])
    labels = nearest(x, c).argmin(1)
    for _ in range(iterations):
        count = torch.bincount(labels, minlength=k)
        fix = labels.clone()
        dist = (x - c[labels]).square().sum(1)
        for e in (count == 0).nonzero().flatten().tolist():
            ok = count[fix] > 1
            i = int(torch.where(ok, dist, torch.full_like(dist, -1.0)).argmax())
            count[fix[i]] -= 1
            fix[i] = e
            count[e] += 1
            dist[i] = -1
        c = torch.stack([x[fix == j].mean(0) for j in range(k)])
        new = nearest(x, c).argmin(1)
        if torch.equal(new, labels):
            break
        labels = new
    return c, labels

