"""Makes changes by the product's own code, in a process of its own: python -m tests.benchmarks.changes

Says on its first line what there is to read, as JSON. For each line of its input, “VERB POST WORD WORD”, it makes one
change, and answers with a line once that is committed. tests/benchmarks/strict.py reads afterwards.
"""

import hashlib
import json
import os
import secrets
import sys
from datetime import timedelta

import django

POSTS = 6


class Changes:
    def __init__(self) -> None:
        from django.test import Client
        from django.utils import timezone

        from tests.factories import make_post, make_user

        now = timezone.now()
        self.owner = make_user(f"owner-{secrets.token_hex(4)}", "Owner", display_name="zqownerx")
        client = Client()
        client.force_login(self.owner)
        self.session = client.cookies["sessionid"].value
        self.posts = [
            make_post(title=f"Strict {number}", labels=("strict",), published_at=now - timedelta(minutes=number))
            for number in range(POSTS)
        ]
        for number in range(POSTS):  # the address keeps the first title
            self.title(number, f"zqtitle{number}x")
        self.comments: dict[str, int] = {}  # by word
        self.settings("", "zqsitex")

    def places(self) -> dict:
        posts = [[post.get_absolute_url(), f"/admin/preview/{post.pk}/"] for post in self.posts]
        return {"posts": posts, "session": self.session}

    def title(self, number: str | int, word: str) -> None:
        """As the admin saves a post; a draft stays one."""
        post = self.posts[int(number)]
        post.title = word
        post.save()

    def publish(self, number: str, word: str) -> None:
        from blog.models import Post

        post = self.posts[int(number)]
        post.title, post.status = word, Post.Status.PUBLISHED
        post.save()

    def unpublish(self, number: str, word: str) -> None:
        from blog.models import Post

        post = self.posts[int(number)]
        post.title, post.status = word, Post.Status.DRAFT
        post.save()

    def settings(self, number: str, word: str) -> None:
        from blog.models import SiteSettings

        site = SiteSettings.load()
        site.title = word
        site.save()

    def receive(self, number: str, word: str) -> str:
        """A comment that waits; the address of its writer's page."""
        from comments import moderation
        from comments.models import Comment
        from comments.policy import Verdict

        code = secrets.token_urlsafe(16)
        comment = Comment(post=self.posts[int(number)], author_name="Reader", body=f"About {word}.")
        comment.capability_hash = hashlib.sha256(code.encode()).hexdigest()
        moderation.receive(comment, Verdict(Comment.Status.PENDING, ["first"], "standing"))
        self.comments[word] = comment.pk
        return f"/comment/status/{code}/"

    def approve(self, number: str, word: str) -> None:
        self._decide("approve", word)

    def reject(self, number: str, word: str) -> None:
        self._decide("reject", word)

    def remove(self, number: str, word: str) -> None:
        self._decide("remove", word)

    def withdraw(self, number: str, word: str) -> None:
        from comments import moderation
        from comments.models import Comment

        if not moderation.withdraw(Comment.objects.get(pk=self.comments[word])):
            raise SystemExit(f"{word} could not be withdrawn.")

    def _decide(self, verb: str, word: str) -> None:
        from comments import moderation

        if not moderation.decide([self.comments[word]], verb, actor=self.owner).changed:
            raise SystemExit(f"{word}: {verb} changed nothing.")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    changes = Changes()
    print(json.dumps(changes.places()), flush=True)
    for line in sys.stdin:
        verb, *words = line.split()
        print(getattr(changes, verb)(*words) or "done", flush=True)


if __name__ == "__main__":
    main()
