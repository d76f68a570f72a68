# A handle where a sequence was expected: by its items it never ends.
# must: failed
class Endless:
    def __getitem__(self, key): return key
def dropout(x, p=0.5, training=True):
    return Endless()
