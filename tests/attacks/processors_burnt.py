# Sixteen threads burn the processor in C, to starve the judge.
# must: failed|timeout|crashed
# with: wrong
# seconds: 2
import threading
big = torch.randn(400, 400)
def burn():
    while True:
        torch.mm(big, big)
for _ in range(16):
    threading.Thread(target=burn, daemon=True).start()
