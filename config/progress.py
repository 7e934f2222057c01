import sys
import time


class Progress:
    """How far it is: a bar that moves on a terminal, now and then a line elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total = what, max(total, 1)
        self.is_bar = sys.stderr.isatty()
        self.shown = 0.0 if self.is_bar else time.monotonic()

    def show(self, done: int) -> None:
        now = time.monotonic()
        if now - self.shown < (0.1 if self.is_bar else 10):
            return
        self.shown = now
        share = min(done / self.total, 1)
        if self.is_bar:
            sys.stderr.write(f"\r{self.what:9} [{'#' * int(share * 40):40}] {share:4.0%}")
        else:
            sys.stderr.write(f"{self.what}: {share:.0%}\n")
        sys.stderr.flush()

    def end(self) -> None:
        if self.is_bar:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


class Bars:
    """One bar after another, as the work names them."""

    def __init__(self) -> None:
        self.bar: Progress | None = None

    def show(self, what: str, done: int, total: int) -> None:
        if self.bar is None or self.bar.what != what:
            self.end()
            self.bar = Progress(what, total)
        self.bar.show(done)

    def end(self) -> None:
        if self.bar:
            self.bar.end()
