# An exception whose __str__ raises, and whose class has no name.
# must: failed
class Liar(Exception):
    def __str__(self): raise RecursionError
def dropout(*a, **k):
    raise Liar
