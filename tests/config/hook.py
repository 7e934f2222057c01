"""A CDN's purge hook that really listens, and the CDN behind it."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hook:
    """`answers` are the statuses to answer with, one each time, and 200 from then on."""

    def __init__(self, port: int = 0) -> None:
        self.purged: list[list[str]] = []
        self.authorizations: list[str | None] = []
        self.answers: list[int] = []
        self.listeners: list = []  # called with the keys
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                keys = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["keys"]
                status = hook.answers.pop(0) if hook.answers else 200
                hook.authorizations.append(self.headers["Authorization"])
                if status == 200:
                    hook.purged.append(keys)
                    for listener in hook.listeners:
                        listener(keys)
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *words) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/purge?zone=secret-zone"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Cdn:
    """Holds what `reader` answers for as long as that allows, and drops what the hook names."""

    def __init__(self, reader, hook: Hook) -> None:
        self.reader = reader
        self.held: dict[str, tuple[float, set[str], str]] = {}
        hook.listeners.append(self.purge)

    def get(self, path: str) -> str:
        until, _tags, text = self.held.get(path, (0, set(), ""))
        if until > time.time():
            return text
        answer = self.reader.get(path)
        if age := re.search(r"s-maxage=(\d+)", answer.headers.get("cache-control", "")):
            tags = set(answer.headers["surrogate-key"].split())
            self.held[path] = time.time() + int(age[1]), tags, answer.text
        return answer.text

    def purge(self, keys: list[str]) -> None:
        self.held = {path: held for path, held in self.held.items() if not held[1].intersection(keys)}
