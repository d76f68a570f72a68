import torch


class KMeans:
    def __init__(self, x, k, generator):
        if k < 1 or k > x.shape[0]:
            raise ValueError("1 <= k <= n")
        self.x, self.k, self.generator = x, k, generator
        self.centers = self.plus_plus()
        self.labels = self.assign()

    def plus_plus(self):
        index = [int(torch.randint(self.x.shape[0], (1,), generator=self.generator))]
        while len(index) < self.k:
            gaps = (self.x.unsqueeze(1) - self.x[index].unsqueeze(0)).float()
            weights = gaps.pow(2).sum(2).min(1)[0]
            if float(weights.sum()) == 0.0:
                index.append(index[-1])
                continue
            # the exponential race: the smallest Exp(1)/w is i with probability w_i/Σw
            race = torch.empty_like(weights).exponential_(generator=self.generator) / weights
            index.append(int(race.argmin()))
        return self.x[index].clone()

    def assign(self):
        gaps = self.x[:, None, :] - self.centers[None, :, :]
        return torch.linalg.vector_norm(gaps, dim=-1).argmin(dim=1)

    def iterate(self):
        fresh, taken = self.centers.clone(), set()
        counts = [int((self.labels == j).sum()) for j in range(self.k)]
        for j in range(self.k):
            if counts[j]:
                fresh[j] = self.x[self.labels == j].mean(dim=0)
        gap = torch.linalg.vector_norm(self.x - fresh[self.labels], dim=1).tolist()
        for j in range(self.k):
            if not counts[j]:
                far = max((i for i in range(len(gap)) if i not in taken and counts[self.labels[i]] > 1), key=gap.__getitem__)
                counts[self.labels[far]] -= 1
                taken.add(far)
                fresh[j] = self.x[far]
        self.centers = fresh
        before, self.labels = self.labels, self.assign()
        return not torch.equal(before, self.labels) or bool(taken)


def kmeans(x, k, iterations=100, generator=None):
    fit = KMeans(x, k, generator)
    for _ in range(iterations):
        if not fit.iterate():
            break
    return fit.centers, fit.labels
