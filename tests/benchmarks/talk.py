"""Comments at a fixed pace, posted and then approved: python -m tests.benchmarks.talk SITE A_SECOND SECONDS

In the site's own environment; on posts other than content.py's “Tides”. Says how many were posted and approved, and
when those were sent that failed.
"""

import hashlib
import http.client
import ipaddress
import json
import os
import secrets
import subprocess
import sys
import time
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.servers import run

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
WORDS = "The tide table in the harbour office is right about the moon and wrong about the weather."


class Talk:
    """The process, for those who measure meanwhile. The site must trust 127.0.0.1 as a proxy: each comment comes from a
    network of its own."""

    def __init__(self, site: str, environ: dict, a_second: float, seconds: float) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.talk", site, str(a_second), str(seconds)]
        self.process = run(command, environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def begin(self) -> None:
        """Setting up takes longer than what is measured: the pace begins now."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def result(self) -> dict:
        output, _ = self.process.communicate()
        return json.loads(output or sys.exit("The process that posts comments ended early."))


def main() -> None:
    site, a_second, seconds = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from blog.models import Post, User

    posts = list(Post.objects.exclude(title="Tides")[:20])
    actor = User.objects.filter(is_superuser=True).first()
    print("ready", flush=True)
    sys.stdin.readline()
    begun, found = time.perf_counter(), {"posted": 0, "approved": 0, "failed": []}
    for number in range(int(a_second * seconds)):
        time.sleep(max(0.0, begun + number / a_second - time.perf_counter()))
        sent = time.time()
        try:
            code = post_comment(site, posts[number % len(posts)])
        except (OSError, http.client.HTTPException):
            code = None
        if code:
            found["posted"] += 1
            found["approved"] += approve(code, actor)
        else:
            found["failed"].append(sent)
    print(json.dumps(found | {"seconds": time.perf_counter() - begun}))


def post_comment(site: str, post) -> str | None:
    """What opens its writer's page; None if it was not taken."""
    from comments import tokens

    number = secrets.token_hex(4)
    form = {"name": f"Reader {number}", "email": f"{number}@example.org", "text": f"{WORDS}\n\n{number}"}
    form |= {"token": tokens.for_writer(post.pk, time.time() - 60), "parent": "", "topic": "", "url": ""}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": site, "User-Agent": BROWSER}
    headers["X-Forwarded-For"] = str(ipaddress.ip_address((1 << 24) + secrets.randbelow(1 << 30)))
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=20)
    try:
        connection.request("POST", f"{post.get_absolute_url()}comment/", urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        place = answer.headers["Location"] if answer.status == 303 else None
        return place and place.rstrip("/").rpartition("/")[2]
    finally:
        connection.close()


def approve(code: str, actor) -> bool:
    from comments import moderation
    from comments.models import Comment

    comment = Comment.objects.get(capability_hash=hashlib.sha256(code.encode()).hexdigest())
    return bool(moderation.decide([comment], "approve", actor=actor).changed)


if __name__ == "__main__":
    main()
