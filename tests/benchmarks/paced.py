"""Readers at a fixed pace: python -m tests.benchmarks.paced ADDRESS A_SECOND SECONDS [--fresh] [--gzip]

Each request has its moment, whether or not those before it were answered, and its latency counts from that moment, so
that a server which stops for a while is not asked less for it. --fresh opens a connection for each.
"""

import argparse
import json
import re
import select
import socket
import time
from urllib.parse import urlsplit

MOST = 256  # connections
PATIENCE = 10  # seconds for the last answers
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Connection:
    def __init__(self, place: tuple[str, int]) -> None:
        self.sock = socket.create_connection(place, 10)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.due = self.sent = None  # of the request under way
        self.received, self.needed = 0, 0

    def ask(self, request: bytes, due: float) -> None:
        self.due, self.sent, self.received, self.needed = due, time.time(), 0, 0
        self.sock.send(request)

    def take(self) -> bool | None:
        """True once the answer is whole; None if it failed, or there is none to come."""
        try:
            data = self.sock.recv(1 << 18)
        except OSError:
            return None
        if not data or self.due is None:
            return None
        if not self.received:
            head = data.find(b"\r\n\r\n")
            length = LENGTH.search(data, 0, head)
            if head < 0 or data[9:10] not in b"23" or not length:
                return None
            self.needed = head + 4 + int(length[1])
        self.received += len(data)
        return self.received >= self.needed


class Readers:
    def __init__(self, address: str, fresh: bool, gzip: bool) -> None:
        parts = urlsplit(address)
        self.place, self.fresh = (parts.hostname, parts.port), fresh
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", *(["Accept-Encoding: gzip"] if gzip else [])]
        self.request = "\r\n".join([*lines, *(["Connection: close"] if fresh else []), "", ""]).encode()
        self.poll, self.open, self.idle = select.epoll(), {}, []
        self.took: list[float] = []
        self.failed: list[float] = []

    def read(self, a_second: float, seconds: float) -> None:
        begun, asked, total = time.perf_counter(), 0, int(a_second * seconds)
        while asked < total or len(self.idle) < len(self.open):
            next_due = begun + asked / a_second
            self.listen(max(0.0, next_due - time.perf_counter()) if asked < total else 0.05)
            while asked < total and (due := begun + asked / a_second) <= time.perf_counter() and self.ask(due):
                asked += 1
            if time.perf_counter() > begun + seconds + PATIENCE:
                self.failed += [conn.sent for conn in self.open.values() if conn.due is not None]
                return

    def ask(self, due: float) -> bool:
        """Asks over a free connection, or a new one; False if all are busy."""
        if not self.idle and len(self.open) >= MOST:
            return False
        conn, began = self.idle.pop() if self.idle else None, time.time()
        try:
            if conn is None:
                conn = Connection(self.place)
                self.open[conn.sock.fileno()] = conn
                self.poll.register(conn.sock, select.EPOLLIN)
            conn.ask(self.request, due)
        except OSError:
            self.failed.append(began)
            if conn is not None:
                self.close(conn)
        return True

    def listen(self, patience: float) -> None:
        for number, _ in self.poll.poll(patience):
            conn = self.open[number]
            is_whole = conn.take()
            if is_whole is None:
                if conn.due is None:
                    self.idle.remove(conn)
                else:
                    self.failed.append(conn.sent)
                self.close(conn)
            elif is_whole:
                self.took.append(time.perf_counter() - conn.due)
                conn.due = None
                if self.fresh:
                    self.close(conn)
                else:
                    self.idle.append(conn)

    def close(self, conn: Connection) -> None:
        del self.open[conn.sock.fileno()]
        conn.sock.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("a_second", type=float)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--gzip", action="store_true")
    asked = parser.parse_args()
    readers = Readers(asked.address, asked.fresh, asked.gzip)
    readers.read(asked.a_second, asked.seconds)
    took = sorted(readers.took) or [0.0]
    at = {"p50": 0.5, "p99": 0.99, "most": 1.0}
    found = {name: took[min(len(took) - 1, int(len(took) * part))] * 1000 for name, part in at.items()}
    print(json.dumps(found | {"answered": len(readers.took), "failed": readers.failed}))


if __name__ == "__main__":
    main()
