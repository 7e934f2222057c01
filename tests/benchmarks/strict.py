"""Strictness: a change is committed by another process, and from then on nobody may get what was there before.

Every title and every comment holds a word of its own, so that each answer shows what it is made of. The model knows
which of them are public. An answer to a reader without a session is stale if it lacks a word that it should have or has
one that was public before, and leaks if it has one that never was: of a draft, of a waiting comment, or of who is
signed in, all of which somebody reads in between with a session or by a private address.
"""

import contextlib
import http.client
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.servers import run

WORD = re.compile(rb"zq[a-z0-9]+?x")
FROM_FILE = re.compile(r'"[0-9a-f]{1,8}-[0-9a-f]+"')
LISTS = ["/", "/feed.atom", "/label/strict/"]
TOMBSTONES = 15  # a thread shows those that were taken down, and has to fit on one page
OWNER = "zqownerx"


@dataclass
class Found:
    rounds: int = 0
    reads: int = 0
    from_files: int = 0
    stale: int = 0
    leaks: int = 0
    private: int = 0  # answers that rightly had what nobody else may see
    examples: list[str] = field(default_factory=list)
    verbs: Counter = field(default_factory=Counter)


def rounds(number: int, addresses: dict[str, int], environ: dict, seed: int = 1, settle: float = 0) -> Found:
    """Change-then-read, so many times. `addresses` are nodes, each with its number of processes, all of which are read;
    `environ` is that of their site, for the process that changes it. `settle`: seconds for pages to become files."""
    with contextlib.ExitStack() as stack:
        command = [sys.executable, "-m", "tests.benchmarks.changes"]
        changer = run(command, environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        stack.enter_context(changer)
        stack.callback(changer.kill)
        site = Site(changer, random.Random(seed))
        wires = [wire for address, processes in addresses.items() for wire in wires_to(address, processes, stack)]
        return Rounds(site, wires, random.Random(seed), settle).go(number)


class Site:
    """What is public, as it should be; and the process that changes it."""

    def __init__(self, changer: subprocess.Popen, chance: random.Random) -> None:
        self.changer, self.chance, self.number = changer, chance, 0
        places = json.loads(changer.stdout.readline() or sys.exit("The process that makes changes did not start."))
        self.paths, self.previews = zip(*places["posts"], strict=True)
        self.session = {"Cookie": f"sessionid={places['session']}"}
        self.title = "zqsitex"
        self.titles = [f"zqtitle{number}x" for number in range(len(self.paths))]
        self.published = [True for _ in self.paths]
        self.comments: list[dict[str, str]] = [{} for _ in self.paths]  # of each post: word, status
        self.tombstones = Counter()
        self.pages: dict[str, str] = {}  # of waiting comments: the writer's own page
        self.was_public: set[str] = set()
        self.public = self._public()

    def choose(self) -> tuple[str, int, str]:
        """What to change: verb, post, word."""
        post = self.chance.randrange(len(self.paths))
        self.number += 1
        new = f"zq{self.number:06}x"
        if self.chance.random() < 0.03:
            return "settings", post, new
        if not self.published[post]:
            return self.chance.choice([("publish", post, new), ("title", post, new)])
        ways = [("title", post, new)]
        if sum(self.published) > 3:
            ways.append(("unpublish", post, new))
        if len(self.comments[post]) < 6:
            ways += [("receive", post, new)] * 2
        for word, status in self.comments[post].items():
            verbs = ["reject"] if self.tombstones[post] >= TOMBSTONES else ["reject", "remove", "withdraw"]
            verbs = ["approve", "approve", "reject", "withdraw"] if status == "pending" else verbs
            ways.append((self.chance.choice(verbs), post, word))
        return self.chance.choice(ways)

    def change(self, verb: str, post: int, word: str) -> None:
        """Has it made; afterwards `public` is what it must be from now on."""
        self.changer.stdin.write(f"{verb} {post} {word}\n")
        self.changer.stdin.flush()
        said = self.changer.stdout.readline().strip() or sys.exit("The process that makes changes has ended.")
        if verb == "settings":
            self.title = word
        elif verb in ("title", "publish", "unpublish"):
            self.titles[post], self.published[post] = (
                word,
                verb == "publish" or (verb == "title" and self.published[post]),
            )
        elif verb in ("receive", "approve"):
            self.comments[post][word] = {"receive": "pending", "approve": "approved"}[verb]
        else:
            status = self.comments[post].pop(word)
            self.tombstones[post] += verb in ("remove", "withdraw") and status == "approved"
        if verb == "receive":
            self.pages[word] = said
        else:
            self.pages.pop(word, None)
        self.was_public |= self.public
        self.public = self._public()

    def _public(self) -> set[str]:
        shown = [post for post, is_public in enumerate(self.published) if is_public]
        return {self.title, *(self.titles[post] for post in shown)}.union(*map(self.approved, shown))

    def approved(self, post: int) -> set[str]:
        return {word for word, status in self.comments[post].items() if status == "approved"}

    def has(self, path: str) -> set[str] | None:
        """The words that must stand there at least; None for a page that must not be there."""
        for post, address in enumerate(self.paths):
            if path.startswith(address):
                feed = path != address
                return (
                    (self.approved(post) | (set() if feed else {self.title, self.titles[post]}))
                    if self.published[post]
                    else None
                )
        if path in LISTS:
            return {
                self.title,
                *(title for title, is_public in zip(self.titles, self.published, strict=True) if is_public),
            }
        return set()


class Rounds:
    def __init__(self, site: Site, wires: list, chance: random.Random, settle: float) -> None:
        self.site, self.chance, self.settle, self.found = site, chance, settle, Found()
        self.wires, self.busy = wires[::2], wires[1::2]

    def go(self, number: int) -> Found:
        for _ in range(number):
            verb, post, word = self.site.choose()
            path = self.site.paths[post]
            of_comments = ["/", "/comments/feed.atom", f"{path}feed.atom"]
            other = self.chance.choice(LISTS if verb in ("title", "publish", "unpublish", "settings") else of_comments)
            for warm in (path, other):
                self.read(warm, f"before {verb}")
            if self.chance.random() < 0.3:
                self.read_in_private(path)
            time.sleep(self.settle)
            self.ask(self.busy, path)  # made while the change is
            self.site.change(verb, post, word)
            for after in (path, other):
                self.read(after, f"after {verb}")
            for wire in self.busy:
                wire.getresponse().read()
            self.found.rounds += 1
            self.found.verbs[verb] += 1
        return self.found

    def ask(self, wires: list, path: str) -> None:
        for wire in wires:
            wire.request("GET", path)

    def read(self, path: str, when: str) -> None:
        self.ask(self.wires, path)
        for wire in self.wires:
            answer = wire.getresponse()
            self.judge(path, when, answer, answer.read())

    def judge(self, path: str, when: str, answer, body: bytes) -> None:
        self.found.reads += 1
        self.found.from_files += bool(FROM_FILE.fullmatch(answer.headers["ETag"] or ""))
        words, has = {word.decode() for word in WORD.findall(body)}, self.site.has(path)
        private = words - self.site.public - self.site.was_public
        is_stale = answer.status != (404 if has is None else 200) or (has or set()) - words
        is_stale = is_stale or words - self.site.public - private
        self.found.leaks += bool(private)
        self.found.stale += bool(is_stale)
        if (private or is_stale) and len(self.found.examples) < 5:
            odd = sorted((words - self.site.public) | ((has or set()) - words))
            self.found.examples.append(f"{path} {when}: {answer.status}, {odd}")

    def read_in_private(self, path: str) -> None:
        """What nobody else may see, at the same addresses and others: with a session, and by a writer's own page."""
        asked = [(path, self.site.session, OWNER)]
        drafts = [post for post, is_public in enumerate(self.site.published) if not is_public]
        asked += [(self.site.previews[post], self.site.session, self.site.titles[post]) for post in drafts[:1]]
        asked += [(address, {}, word) for word, address in list(self.site.pages.items())[-1:]]
        for address, headers, word in asked:
            wire = self.chance.choice(self.wires)
            wire.request("GET", address, headers=headers)
            self.found.private += word.encode() in wire.getresponse().read()


def wires_to(address: str, processes: int, stack: contextlib.ExitStack) -> list[http.client.HTTPConnection]:
    """Connections that stay open, two to each process that serves this address: the kernel gives them out."""
    parts, by_process = urlsplit(address), {}
    for _ in range(processes * 200):
        wire = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        wire.request("GET", "/robots.txt")
        wire.getresponse().read()
        held = by_process.setdefault(process_of(wire), [])
        if len(held) < 2:
            held.append(stack.enter_context(contextlib.closing(wire)))
        else:
            wire.close()
        if len(by_process) == processes and all(len(held) == 2 for held in by_process.values()):
            return [wire for held in by_process.values() for wire in held]
    sys.exit(f"{address}: {len(by_process)} processes answer, not {processes}.")


def process_of(wire: http.client.HTTPConnection) -> int:
    """Which process holds the other end."""
    near, far = (f":{place[1]:04X}" for place in (wire.sock.getsockname(), wire.sock.getpeername()))
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(far) and fields[2].endswith(near):
            return holder(f"socket:[{fields[9]}]")
    return 0


def holder(inode: str) -> int:
    for folder in Path("/proc").glob("[0-9]*/fd"):
        with contextlib.suppress(OSError):
            if any(link.readlink().name == inode for link in folder.iterdir()):
                return int(folder.parent.name)
    return 0
