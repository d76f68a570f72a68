# Replaces builtins, __import__ and the meta path.
# must: failed|crashed
# with: wrong
import builtins, sys
sys.meta_path.insert(0, type("M", (), {"find_spec": staticmethod(lambda *a, **k: None)}))
builtins.__build_class__ = builtins.__build_class__
builtins.AssertionError = SystemExit
builtins.isinstance = lambda *a: True
builtins.all = builtins.any = lambda *a: True
