"""People who comment while parts of the site are killed, and who find out afterwards what has become of it all."""

import hashlib
import http.client
import ipaddress
import json
import os
import queue
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.config.command import ROOT, environment
from tests.config.node import SITE, Node

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
A_SECOND = 50
AT_ONCE = 40
PATIENCE = 60  # seconds that somebody goes on sending a form that was not answered
POSTS = 8
MAIL_EVERY = 5  # comments: one of so many asks for a mail


class Parts:
    """The site as two units of systemd would run it: gunicorn with two processes, and the worker, each started again
    when it has died."""

    def __init__(self, folder: Path, values: dict[str, str]) -> None:
        self.values = values | {"TRUSTED_PROXIES": "127.0.0.1", "WEB_CONCURRENCY": "2"}
        self.node = Node(folder, **self.values)
        self.folder = folder
        self.log = (folder / "worker.log").open("a")
        self.killed: Counter[str] = Counter()

    def start(self) -> None:
        self.node.start()
        self.node.wait_until_up()
        self.start_worker()

    def environment(self) -> dict[str, str]:
        return environment(self.folder, **(self.node.values | self.values))

    def start_worker(self) -> None:
        command = [sys.executable, "manage.py", "worker"]
        self.worker = subprocess.Popen(command, cwd=ROOT, env=self.environment(), stdout=self.log, stderr=self.log)

    def kill_web(self, chance: random.Random) -> None:
        master = self.node.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        if children:
            os.kill(int(chance.choice(children)), 9)
            self.killed["web"] += 1

    def kill_worker(self) -> None:
        self.worker.kill()
        self.worker.wait()
        self.killed["worker"] += 1
        self.start_worker()

    def stop(self) -> None:
        self.worker.terminate()
        self.node.stop()
        self.worker.wait(60)
        self.log.close()

    def ask(self, call: str) -> str:
        """What a function below prints, called in a process of the site's."""
        script = f"from tests.config import crash; crash.{call}"
        command = [sys.executable, "manage.py", "shell", "-v0", "--no-imports", "-c", script]
        done = subprocess.run(command, cwd=ROOT, env=self.environment(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


class Crowd:
    """Sends the forms, A_SECOND of them, each again and again until it is answered; what a slow machine has not begun
    with when time is over stays unsent."""

    def __init__(self, port: int, forms: list[str]) -> None:
        self.port = port
        self.waiting: queue.Queue[str | None] = queue.Queue()
        self.forms = forms
        self.begun: list[str] = []
        self.is_over = False
        self.acknowledged: list[str] = []  # codes of writers' own pages
        self.given_up: list[str] = []
        self.answers: Counter = Counter()
        self.threads = [threading.Thread(target=self._send_all) for _ in range(AT_ONCE)]
        self.pace = threading.Thread(target=self._keep_pace)

    def begin(self) -> None:
        self.pace.start()
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.is_over = True
        self.pace.join()
        for thread in self.threads:
            thread.join()

    def _keep_pace(self) -> None:
        begun = time.monotonic()
        for number, form in enumerate(self.forms):
            if self.is_over:
                break
            time.sleep(max(0.0, begun + number / A_SECOND - time.monotonic()))
            self.waiting.put(form)
        for _ in self.threads:
            self.waiting.put(None)

    def _send_all(self) -> None:
        while form := self.waiting.get():
            if self.is_over:
                continue
            self.begun.append(form)
            network, path, body = form.split(" ", 2)
            until, pause = time.monotonic() + PATIENCE, 0.2
            while not (code := self._post(network, path, body)) and time.monotonic() < until:
                time.sleep(pause)
                pause = min(pause * 2, 3)
            if not code:
                self.given_up.append(body)
                continue
            self.acknowledged.append(code)
            if len(self.acknowledged) % MAIL_EVERY == 0:
                # Answered or not: what is owed then is for the database to say.
                self._post(network, f"/comment/status/{code}/mail/", "decision=on")

    def _post(self, network: str, path: str, body: str) -> str:
        headers = {"Host": SITE, "Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{SITE}"}
        headers |= {"X-Forwarded-For": network, "User-Agent": BROWSER}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            text = response.read()
            if response.status != 303 and len(text) < int(response.headers.get("Content-Length", 0)):
                raise OSError("cut off")
            self.answers[response.status] += 1
            place = response.headers.get("Location", "") if response.status in (302, 303) else ""
            return urlsplit(place).path.rstrip("/").rpartition("/")[2]
        except (OSError, http.client.HTTPException) as error:
            self.answers[type(error).__name__] += 1
            return ""
        finally:
            connection.close()


# In the site's own processes.


def make() -> None:
    from comments.models import CommentSettings
    from tests.factories import make_post

    CommentSettings().save()
    for number in range(POSTS):
        make_post(title=f"Note {number}", labels=("sea", f"label {number}"))


def print_forms(many: int) -> None:
    """Filled in by as many people, each in a network of one's own, a minute after the page was opened."""
    from blog.models import Post
    from comments import tokens

    posts = list(Post.objects.order_by("pk")[:POSTS])
    for person in range(many):
        post, network = posts[person % len(posts)], ipaddress.ip_address((1 << 24) + (person << 8))
        form = {"name": f"Reader {person}", "email": f"r{person}@example.org", "text": f"At low water. {person}"}
        form |= {"token": tokens.for_writer(post.pk, time.time() - 60), "parent": "", "topic": "", "url": ""}
        print(network, f"{post.get_absolute_url()}comment/", urlencode(form))


def send_what_is_owed() -> None:
    """As the worker would in the hours to come: what one had that was killed is taken up after a quarter of one."""
    from django.utils import timezone

    from blog.mail.sending import send_due
    from blog.models import Mail

    now = timezone.now()
    for _ in range(20):
        now += timedelta(minutes=20)
        send_due(now)
        if not Mail.objects.filter(status="waiting").exists():
            return


def look() -> None:
    from blog.models import Mail
    from comments import counts
    from comments.models import Comment, ModerationEvent

    stored = Counter(Comment.objects.values_list("capability_hash", flat=True))
    with_events = ModerationEvent.objects.values("comment_id").distinct().count()
    mails = Counter(Mail.objects.values_list("status", "repeats"))
    print(
        json.dumps(
            {
                "stored": stored,
                "comments": Comment.objects.count(),
                "with_events": with_events,
                "wrong_counts": counts.recount(),
                "mails": [[status, repeats, count] for (status, repeats), count in mails.items()],
            }
        )
    )


def hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
