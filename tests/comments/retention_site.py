"""A site with one of everything that is known of people, and marks in it."""

import random
import string
from datetime import UTC, datetime

from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from blog.mail import owe
from blog.models import OldPath, Post
from comments import addresses, blocking, moderation
from comments.models import (
    BlockRule,
    BulkDecision,
    Comment,
    Commenter,
    FollowRequest,
    RateCount,
    Subscription,
    UsedLink,
)
from comments.policy import Verdict
from tests.factories import make_post, make_user

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
NETWORK = "192.0.2.0/24"
VERDICT = Verdict("pending", ["held_all"], "hold_all")


class Marks:
    """Words that stand nowhere else. A search index shares the beginnings of words: their ends are looked for."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.planted = chance, {}

    def new(self, what: str) -> str:
        self.planted[what] = "".join(self.chance.choices(string.ascii_lowercase, k=14))
        return self.planted[what]

    def in_(self, text: str) -> set[str]:
        return {what for what, mark in self.planted.items() if mark[4:] in text.lower()}


class Site:
    def __init__(self) -> None:
        chance = random.Random(4)
        self.gone, self.kept = Marks(chance), Marks(chance)
        self.mod, self.owner = make_user("mod", "Moderator"), make_user("owner", "Owner")
        self.reader = make_user(self.kept.new("address of an account"))
        self.post = make_post(title="Tides")
        self.digest = addresses.digest(NETWORK)
        self.rules = [
            BlockRule.objects.create(match="network", pattern=NETWORK, action="spam"),
            BlockRule.objects.create(match="email", pattern=f"{self.kept.new('pattern of a rule')}@example.org"),
        ]
        self.stay()
        self.are_decided_against()
        self.are_erased()
        self.of_the_machine()
        self.binned = self.in_the_bin()

    def comes(self, name: str, stays: str, **fields) -> Comment:
        """A comment by a guest. Of name, website, words and e-mail address, those that `stays` names are kept."""
        said = {
            part: (self.kept if part in stays else self.gone).new(f"{part} of {name}")
            for part in ("name", "site", "words", "mail")
        }
        fields = {
            "post": self.post,
            "author_email": f"{said['mail']}@example.org",
            "address_digest": self.digest,
        } | fields
        comment = Comment(
            author_name=said["name"], author_url=f"https://{said['site']}.example/", body=said["words"], **fields
        )
        moderation.receive(comment, VERDICT)
        return comment

    def decide(self, comment: Comment, verb: str, tell: str = "") -> Comment:
        moderation.decide([comment], verb, actor=self.mod, tell=tell)
        comment.refresh_from_db()
        return comment

    def report(self, comment: Comment, words: str, digest: str) -> None:
        assert moderation.report(comment, "rude", words, digest)

    def proved(self, name: str, comment: Comment | None = None, marks: Marks | None = None) -> Commenter:
        marks = marks or self.kept
        email = comment.author_email if comment else f"{marks.new(f'address of {name}')}@example.org"
        commenter = Commenter.objects.create(email=email)
        commenter.notes.create(author=self.mod, text=marks.new(f"note on {name}"))
        if comment:
            Comment.objects.filter(pk=comment.pk).update(commenter=commenter)
        return commenter

    def stay(self) -> None:
        self.guest = self.decide(self.comes("a guest", "name site words"), "approve", self.gone.new("told to a guest"))
        moderation.edit(self.guest, self.kept.new("edited words"), actor=self.mod, seen=self.guest.state)
        self.gone.planted["words before an edit"] = self.kept.planted.pop("words of a guest")
        self.known = self.decide(self.comes("one who proved it", "name site words mail"), "approve")
        Subscription.objects.create(
            commenter=self.proved("one who proved it", self.known), post=self.guest.post, thread=self.guest.pk
        )
        self.waiting = self.comes("one that waits", "name site words")
        self.appealed = self.decide(self.comes("one that asked again", "name site words"), "reject")
        assert moderation.appeal(self.appealed, self.gone.new("why one asked again"))
        self.by_account = Comment(post=self.post, user=self.reader, author_name="Reader", body=self.kept.new("account"))
        moderation.receive(self.by_account, Verdict("approved", ["nothing_against"], "no_rule"))
        Commenter.objects.create(user=self.reader).notes.create(text=self.kept.new("note on an account"))
        blocked = self.proved("one who is blocked")
        Commenter.objects.filter(pk=blocked.pk).update(blocked_at=START)
        self.reported = self.decide(self.comes("one that is reported", "name site words"), "approve")
        self.report(self.reported, self.kept.new("words of an open report"), self.gone.new("digest of an open report"))

    def are_decided_against(self) -> None:
        self.spam = self.decide(self.comes("spam", ""), "spam", self.gone.new("told of spam"))
        blocking.record(self.spam, [rule.pk for rule in self.rules])
        self.rejected = self.decide(self.comes("one rejected", ""), "reject", self.gone.new("told of one rejected"))
        self.removed = self.decide(self.comes("one removed", ""), "approve")
        self.report(self.removed, self.gone.new("words of a report"), self.gone.new("digest of a report"))
        self.answer = self.decide(self.comes("an answer", "name site words", parent=self.removed), "approve")
        self.decide(self.removed, "remove", self.gone.new("told of one removed"))
        self.withdrawn = self.decide(self.comes("one withdrawn", ""), "approve")
        moderation.withdraw(self.withdrawn)

    def are_erased(self) -> None:
        self.erased = self.decide(self.comes("one erased", ""), "approve", self.gone.new("told of one erased"))
        self.leaving = self.proved("one erased", self.erased, self.gone)
        Subscription.objects.create(commenter=self.leaving, post=self.guest.post, thread=self.guest.pk)
        self.leaving_id = self.leaving.pk
        self.idle = self.proved("one of whom nothing is left", marks=self.gone)

    def of_the_machine(self) -> None:
        self.gone.planted["digests"] = self.digest
        UsedLink.objects.create(digest=self.gone.new("used link"))
        asked = f"{self.gone.new('address that never agreed to follow')}@example.org"
        FollowRequest.objects.create(post=self.post, email=asked, asked_at=START)
        RateCount.objects.create(key=f"60:{self.gone.new('count')}", window=int(START.timestamp()) + 60)
        Session.objects.create(session_key=self.gone.new("session"), session_data="", expire_date=START)
        owe("mine", f"mine:{self.gone.new('mail')}", {"who": Commenter.objects.get(user=self.reader).reference})
        BulkDecision.objects.create(actor=self.mod, place=self.gone.new("search"), finished_at=START)
        DBTaskResult.objects.create(
            status="SUCCESSFUL",
            backend_name="default",
            task_path="some.task",
            run_after=START,
            finished_at=START,
            worker_ids=[],
            args_kwargs={"args": [self.gone.new("task")], "kwargs": {}},
            exception_class_path="",
            traceback="",
        )

    def in_the_bin(self) -> Post:
        post = make_post(
            title=self.gone.new("title"), slug="gone", body=f"<p>{self.gone.new('text')}</p>", labels=("sea",)
        )
        self.old_path = OldPath.objects.create(path="/old/", post=post)
        self.decide(self.comes("one under a binned post", "", post=post), "approve")
        self.comes("one that waits under a binned post", "", post=post)
        post.status = Post.Status.BINNED
        post.save()
        return post
