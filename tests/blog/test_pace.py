from collections import deque

import pytest

from blog.pace import Pace


@pytest.mark.parametrize(("passed", "allowed"), [([0] * 9, 3), ([0, 0, 0, 0.9, 0.9, 1, 1, 1, 1], 6), ([0, 1, 2, 3], 4)])
def test_so_many_a_second(monkeypatch, passed, allowed):
    clock = deque(passed)
    monkeypatch.setattr("blog.pace.monotonic", clock.popleft)
    pace = Pace(3)
    assert sum(pace.allows() for _ in passed) == allowed
