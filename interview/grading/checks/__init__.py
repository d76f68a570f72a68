"""The library of checks: what a hidden suite may import, and all that it may import of ours.

    expect       a known mistake, any other failure, and the helpers that raise them
    solution     the submission as a suite meets it, and what it raises
    statistics   how far a right answer may stray: bounds proved for every n
    masks        inputs with which a mask can be read off, and what is asked of one

Each module's `__all__` is what authors of packs may build on.
"""
