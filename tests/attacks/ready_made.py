# Calls the ready-made function.
# must: failed
import torch
dropout = torch.nn.functional.dropout
