"""A connection whose client has to keep up: a thread that serves it waits for it only so long.

The kernel ends one read or write that stalls (STALLED_FOR). A client that moves a byte now and then passes that, and a
few of them would hold all threads: so waiting is added up, and what has moved has to be in proportion.
"""

import errno
import fcntl
import os
import socket
import struct
import termios
import time
from collections.abc import Callable

STALLED_FOR = 10  # seconds that one read or write may take
WAITED_FOR = 10.0  # seconds of waiting that a request may cost its thread, and
LEAST_RATE = 16_000  # one more for so many bytes that came or went
PIECE = 1 << 20


class PacedSocket(socket.socket):
    """Once begin() was said it fails as a stall does, by BlockingIOError, when its client is too slow."""

    waited, moved = 0.0, 0

    @classmethod
    def of(cls, sock: socket.socket) -> "PacedSocket":
        paced = cls(sock.family, sock.type, sock.proto, fileno=sock.detach())
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            paced.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", STALLED_FOR, 0))
        return paced

    def begin(self) -> None:
        """A thread begins to serve a request."""
        self.waited, self.moved = 0.0, 0

    def recv(self, size: int, flags: int = 0) -> bytes:
        began = time.monotonic()
        data = super().recv(size, flags)
        self._judge(began, len(data))
        return data

    def sendall(self, data: bytes, flags: int = 0) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._sent(super().send, rest, flags) :]

    def sendfile(self, file, offset: int = 0, count: int | None = None) -> int:
        """Python's own waits for a client that has stalled for as long as that likes."""
        rest = os.fstat(file.fileno()).st_size - offset if count is None else count
        begin = offset
        while rest and (sent := self._sent(os.sendfile, self.fileno(), file.fileno(), offset, min(rest, PIECE))):
            offset, rest = offset + sent, rest - sent
        return offset - begin

    def _sent(self, send: Callable[..., int], *args) -> int:
        began = time.monotonic()
        sent = send(*args)
        self._judge(began, sent)
        return sent

    def _judge(self, began: float, moved: int) -> None:
        self.waited += time.monotonic() - began
        self.moved += moved
        if self.waited > WAITED_FOR and self.waited > WAITED_FOR + (self.moved - self._held()) / LEAST_RATE:
            raise BlockingIOError(errno.EAGAIN, "the client is too slow")

    def _held(self) -> int:
        """Bytes that the kernel has taken, megabytes at times, and the client has not."""
        return struct.unpack("i", fcntl.ioctl(self, termios.TIOCOUTQ, bytes(4)))[0]
