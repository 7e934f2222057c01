"""Comments a second, as a fraction of a constant: all of the policy, 20,000 block rules, 8 connections, SQLite, FULL.

    python -m tests.benchmarks.posting

Both answer under the same gunicorn in one run, in turns. Every comment that was answered with 303 has to be stored,
once. How long the disk takes to make 4 kB safe stands beside the figures, since each comment waits for it. Needs wrk.
"""

import hashlib
import ipaddress
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks.load import rate
from tests.benchmarks.servers import Servers, manage, program
from tests.benchmarks.sites import of_folder

ROUNDS, SECONDS, CONNECTIONS, RULES, POSTS = 5, 4, 8, 20_000, 8
MOST = 1_500  # comments a second that there are forms for
WORDS = "The tide table in the harbour office is right about the moon and wrong about the weather. "

# wrk sends the lines of a file, one each, and writes down the addresses that it was sent to.
SCRIPT = """
local forms, places = io.lines("{forms}"), io.open("{places}", "a")
places:setvbuf("line")
request = function()
  local network, path, body = forms():match("^(.-) (.-) (.*)$")
  return wrk.format("POST", path, {{
    ["Content-Type"] = "application/x-www-form-urlencoded", ["X-Forwarded-For"] = network, ["Origin"] = "{site}",
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
  }}, body)
end
response = function(status, headers)
  places:write(status == 303 and headers["Location"] or tostring(status), "\\n")
end
done = function(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  print("found", latency:percentile(50), latency:percentile(99), summary.duration, failed)
end
"""


def measure(rounds: int = ROUNDS) -> dict:
    """Of each round comments a second, these as a fraction of the constant, and milliseconds; and how many comments
    were taken, and how many of those are not stored once."""
    with Servers() as servers:
        environ = of_folder(servers.folder / "posting", TRUSTED_PROXIES="127.0.0.1")
        manage(environ, "migrate")
        manage(environ, "collectstatic", "--noinput")
        in_site(environ, "make()")
        site, constant = servers.gunicorn(environ)[0], servers.constant(environ)
        taken = post(environ, servers.folder, site, 0, seconds=1)["taken"]  # each process reads the rules once
        found: dict = {}
        for number in range(1, rounds + 1):
            base = rate(constant, seconds=SECONDS)
            one = post(environ, servers.folder, site, number)
            taken += one.pop("taken")
            for name, value in (one | {"of the constant": one["comments/s"] / base}).items():
                found.setdefault(name, []).append(value)
        stored = Counter(in_site(environ, "stored()").split())
        codes = [place.rstrip("/").rpartition("/")[2] for place in taken]
        lost = sum(stored[hashlib.sha256(code.encode()).hexdigest()] != 1 for code in codes)
        return found | {"taken": len(codes), "lost": lost}


def post(environ: dict, folder: Path, site: str, number: int, seconds: int = SECONDS) -> dict:
    """One round of comments over CONNECTIONS connections, none of them like those of another round."""
    forms, places, script = folder / "forms", folder / "places", folder / "post.lua"
    places.unlink(missing_ok=True)
    most = SECONDS * MOST
    forms.write_text(in_site(environ, f"print_forms({number * most}, {(number + 1) * most})"))
    script.write_text(SCRIPT.format(forms=forms, places=places, site=site))
    disk = milliseconds_to_disk(folder)
    wrk = [program("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "-s", str(script), site]
    output = subprocess.run(wrk, capture_output=True, text=True, check=True).stdout
    figures = next(line for line in output.splitlines() if line.startswith("found")).split()[1:]
    p50, p99, took, failed = map(float, figures)
    answers = places.read_text().split()
    refused = Counter(answer for answer in answers if answer.isdigit())
    if refused or failed:
        sys.exit(f"Comments were not taken: {dict(refused)}, {failed:.0f} connections failed.")
    rates = {"comments/s": len(answers) / took * 1e6, "p50 ms": p50 / 1000, "p99 ms": p99 / 1000}
    return rates | {"disk ms": disk, "taken": answers}


def milliseconds_to_disk(folder: Path, times: int = 200) -> float:
    """What fdatasync takes after 4 kB were added to a file: the median."""
    took = []
    with open(folder / "disk", "wb", buffering=0) as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - begun)
    return statistics.median(took) * 1000


def in_site(environ: dict, call: str) -> str:
    """What a function below prints, called in a process of the site's."""
    script = f"from tests.benchmarks import posting; posting.{call}"
    return manage(environ, "shell", "-c", script, stdout=subprocess.PIPE).stdout


def make() -> None:
    """The policy as it is on a new site, with 20,000 words that are not wanted, and some posts."""
    from comments.models import BlockRule, CommentSettings
    from tests.factories import make_post

    CommentSettings().save()
    BlockRule.objects.bulk_create(BlockRule(pattern=f"unwanted{number:05d}") for number in range(RULES))
    for number in range(POSTS):
        make_post(title=f"Note {number}", labels=("sea", f"label {number}"))


def print_forms(first: int, end: int) -> None:
    """Filled in by as many people, each from a network of one's own, a minute after the page was opened."""
    from blog.models import Post
    from comments import tokens

    posts = list(Post.objects.all())
    for person in range(first, end):
        post, network = posts[person % len(posts)], ipaddress.ip_address((1 << 24) + (person << 8))
        form = {"name": f"Reader {person}", "email": f"r{person}@example.org", "text": f"{WORDS * 5}\n\n{person}"}
        form |= {"token": tokens.for_writer(post.pk, time.time() - 60), "parent": "", "topic": "", "url": ""}
        print(network, f"{post.get_absolute_url()}comment/", urlencode(form))


def stored() -> None:
    from comments.models import Comment

    for hashed in Comment.objects.values_list("capability_hash", flat=True):
        print(hashed)


def main() -> None:
    found = measure()
    median = {name: statistics.median(values) for name, values in found.items() if isinstance(values, list)}
    ratios = found["of the constant"]
    print(f"{median['of the constant']:.3f} of the constant ({min(ratios):.3f}–{max(ratios):.3f}):")
    print(f"{median['comments/s']:.0f} comments/s over {CONNECTIONS} connections, where fdatasync of 4 kB takes")
    print(f"{median['disk ms']:.2f} ms; p50 {median['p50 ms']:.1f} ms, p99 {median['p99 ms']:.1f} ms.")
    print(f"{found['taken']:,} comments were taken, {found['lost']} of them lost.")


if __name__ == "__main__":
    main()
