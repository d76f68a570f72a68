import torch
import torch.nn as nn


class Dropout(nn.Module):
    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        self._settings = {"p": p, "inplace": inplace}

    def forward(self, x):
        p, inplace = self._settings["p"], self._settings["inplace"]
        assert 0.0 <= p <= 1.0
        noise = torch.rand(x.shape).to(x.device)
        if self.training is False or p == 0:
            return x
        y = x if inplace else x.clone()
        y[noise < p] = 0
        if p < 1:
            y /= 1 - p
        return y
