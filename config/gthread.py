"""gunicorn's threaded worker, made patient: a connection gets a thread only when its request is there.

Stock gthread gives a thread to every new connection, so a few idle ones (browsers open them in advance)
or half-sent heads stop the whole site. Here the main loop collects bytes without blocking, and hands a
connection over once the head, and a body of up to BODY_READY bytes, has come. Waiting is bounded in time
(deadlines that more bytes do not move) and in number (the longest waiting goes first). What a thread itself has to wait
for, the rest of a larger body and the way of an answer, is bounded in config/paced.py.

It rests on private parts of gunicorn 27: read workers/gthread.py before allowing another version.
"""

import contextlib
import errno
import logging
import re
import selectors
import socket
import time
from functools import partial

import gunicorn
from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import TConn, ThreadWorker

from config.head import Head
from config.paced import PacedSocket
from config.settings import BODY_MOST

if gunicorn.version_info[0] != 27:
    raise SystemExit(f"marginalia: config/gthread.py is written for gunicorn 27, not {gunicorn.__version__}.")

WAITING_MOST = 500  # connections of one worker without a thread
QUIET_FOR = 20.0  # seconds that a connection may stay open without a byte of its first request
HEAD_WITHIN = 10.0  # seconds from a request's first byte to the end of its head
BODY_WITHIN = 60.0  # seconds from then until BODY_READY bytes of its body are there
CLOSING_FOR = 2.0  # seconds that a client has to take the last answer and close
HEAD_MOST = 64 * 1024
BODY_READY = 256 * 1024
CHUNK = 64 * 1024

HEAD_END = b"\r\n\r\n"
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*\r\n", re.IGNORECASE)
EXPECT = re.compile(rb"\r\nexpect:", re.IGNORECASE)
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def is_not_a_stall(record: logging.LogRecord) -> bool:
    """A client that is too slow (config/paced.py) is its own fault: gunicorn would log a traceback for each."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))


class Connection(TConn):
    def __init__(self, cfg, sock, client, server) -> None:
        super().__init__(cfg, PacedSocket.of(sock), client, server)
        self.received = bytearray()
        self.needed = 0  # bytes of head and body to wait for; 0 until the head has come
        self.closing = False

    def is_ready(self) -> bool:
        """Whether a thread could serve the request without waiting for its client."""
        if not self.needed:
            end = self.received.find(HEAD_END)
            if end < 0:
                return False
            self.needed = end + len(HEAD_END)
            head = bytes(self.received[: self.needed])
            length = CONTENT_LENGTH.search(head)
            # One that expects “100 Continue” sends nothing before it; one that is too large is refused unread.
            if length and int(length[1]) <= BODY_MOST and not EXPECT.search(head):
                self.needed += min(int(length[1]), BODY_READY)
            self.timeout = time.monotonic() + BODY_WITHIN
        return len(self.received) >= self.needed


class Response(wsgi.Response):
    """Of a head that is given again and again (config/head.py) gunicorn checks each header and writes each line once;
    then it goes out in one piece with its body."""

    text = b""

    def process_headers(self, headers) -> None:
        if isinstance(headers, Head) and headers.checked:
            self.headers, self.response_length, self.text = headers.checked
            return
        super().process_headers(headers)
        if isinstance(headers, Head):
            lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
            headers.checked = self.headers, self.response_length, f"{lines}\r\n".encode("latin-1")

    def send_headers(self) -> None:
        if self.text and not self.headers_sent:
            self._send(b"")
        else:
            super().send_headers()

    def write(self, arg: bytes) -> None:
        if self.text and not self.headers_sent and len(arg) == self.response_length and not self._omits_body:
            self.sent = len(arg)
            self._send(arg)
        else:
            super().write(arg)

    def _send(self, body: bytes) -> None:
        self.headers_sent = True
        self.sock.sendall("".join(self.default_headers()).encode("latin-1") + self.text + body)


class PatientWorker(ThreadWorker):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: dict[Connection, None] = {}  # in the order in which they began to wait
        self.next_sweep = 0.0

    def init_process(self) -> None:
        logging.getLogger("gunicorn.error").addFilter(is_not_a_stall)
        wsgi.Response = Response  # gunicorn asks for it by this name alone
        super().init_process()

    @classmethod
    def check_config(cls, cfg, log) -> None:
        if cfg.is_ssl or cfg.http2_cleartext != "off" or cfg.protocol != "http":
            raise SystemExit("marginalia: gunicorn speaks plain HTTP/1.1 here; put a proxy in front for TLS.")
        super().check_config(cfg, log)

    def accept(self, listener) -> None:
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self.drop_longest_waiting()  # no file descriptor is left: make room, try again
            elif error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED):
                raise
            return
        self.nr_conns += 1
        if len(self.waiting) >= WAITING_MOST:
            self.drop_longest_waiting()
        conn = Connection(self.cfg, sock, client, listener.getsockname())
        conn.timeout = time.monotonic() + QUIET_FOR
        self.wait_for(conn)
        self.on_readable(conn, conn.sock)  # mostly the request has come with the connection

    def finish_request(self, conn, fs) -> None:
        """Back on the main loop after a thread is done with a request."""
        keep = not fs.cancelled() and fs.exception() is None and fs.result()
        if not keep:
            self.begin_closing(conn)
            return
        conn.sock.setblocking(False)
        conn.received = bytearray(conn.parser.unreader.take_buffered())  # of the next request, sent early
        conn.needed = 0
        if conn.is_ready():
            self.enqueue_req(conn)
            return
        if not conn.needed:
            linger = HEAD_WITHIN if conn.received else self.cfg.keepalive
            conn.timeout = time.monotonic() + (linger if self.alive else CLOSING_FOR)
        self.wait_for(conn)

    def enqueue_req(self, conn) -> None:
        conn.init()
        conn.sock.begin()
        conn.parser.unreader.unread(bytes(conn.received))
        conn.received.clear()
        conn.data_ready = True
        super().enqueue_req(conn)

    def on_readable(self, conn, _sock) -> None:
        if conn not in self.waiting:  # dropped to make room, earlier in the same round of events
            return
        try:
            data = conn.sock.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.drop(conn)
            return
        if conn.closing:
            return
        if not conn.received:
            conn.timeout = time.monotonic() + HEAD_WITHIN
        conn.received += data
        if conn.is_ready():
            self.stop_waiting(conn)
            self.enqueue_req(conn)
        elif not conn.needed and len(conn.received) > HEAD_MOST:
            self.refuse(conn)

    def refuse(self, conn) -> None:
        self.stop_waiting(conn)
        with contextlib.suppress(OSError):
            conn.sock.send(TOO_LARGE if b"\r\n" in conn.received else _address_too_long())
        self.begin_closing(conn)

    def begin_closing(self, conn) -> None:
        """Ends our side, and waits a moment for the client's: closing at once could cut off the last answer.

        gunicorn waits for it in the main loop, where one client that does not close stops everybody.
        """
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # gone, or closed by its thread when the application failed in the middle
            self.nr_conns -= 1
            conn.close()
            return
        conn.closing = True
        conn.timeout = time.monotonic() + CLOSING_FOR
        self.wait_for(conn)

    def wait_for(self, conn) -> None:
        self.waiting[conn] = None
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_readable, conn))

    def stop_waiting(self, conn) -> None:
        self.poller.unregister(conn.sock)
        del self.waiting[conn]

    def drop(self, conn) -> None:
        self.stop_waiting(conn)
        self.nr_conns -= 1
        conn.close()

    def drop_longest_waiting(self) -> None:
        if self.waiting:
            self.drop(next(iter(self.waiting)))

    def murder_keepalived(self, force: bool = False) -> None:
        """Called by gunicorn's loop after each round of events: once a second is often enough."""
        now = time.monotonic()
        if now < self.next_sweep and not force and self.alive:
            return
        self.next_sweep = now + 1
        for conn in [conn for conn in self.waiting if force or conn.timeout <= now]:
            self.drop(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Called when the worker stops."""
        for conn in self.waiting:
            conn.timeout = min(conn.timeout, deadline)

    def handle_error(self, req, client, addr, exc) -> None:
        if isinstance(exc, LimitRequestLine):  # a search for very much, say: its reader did nothing wrong
            util.write_nonblock(client, _address_too_long())
            return
        super().handle_error(req, client, ("-", 0), exc)  # its log line has no reader's address


def _address_too_long() -> bytes:
    from config.bounds import address_too_long  # here: it needs Django, which gunicorn's master does not load

    return address_too_long()
