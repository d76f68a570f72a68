# Loads a pickle that it wrote.
# must: crashed
# with: right
import torch
torch.save({"a": 1}, "/tmp/interview-attack-marker/pickle.pt")
