# pytest.skip in each call.
# must: failed|crashed
def dropout(*a, **k):
    import pytest
    pytest.skip('not today')
