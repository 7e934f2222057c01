"""How often one process writes what anybody may ask of it: a loop neither inflates a count nor holds others up."""

from collections import deque
from time import monotonic


class Pace:
    """So many a second, and no more. Two threads may pass at one moment: this is a bound and no count."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.lately: deque[float] = deque(maxlen=most)

    def allows(self) -> bool:
        now = monotonic()
        if len(self.lately) == self.most and now - self.lately[0] < 1:
            return False
        self.lately.append(now)
        return True
