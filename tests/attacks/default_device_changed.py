# Makes every new tensor a meta tensor.
# must: failed|crashed
# with: right
torch.set_default_device("meta")
