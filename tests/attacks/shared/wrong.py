# A wrong dropout: whoever passes with it has forged the verdict.
import torch


def dropout(x, p=0.5, training=True):
    return x
