# pytest.xfail in each call.
# must: failed|crashed
def dropout(*a, **k):
    import pytest
    pytest.xfail('known')
