"""A small site on which much happens, drawn from a seed; at each arrival the policy itself says, on the database as it
is then, what other settings would make of the comment."""

import random
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comments import moderation, policy
from comments.conditions import Conditions
from comments.models import BlockRule, Comment, Commenter, CommentSettings, LabelPolicy, PostPolicy, SpamSample
from comments.moderation import Verb
from tests.factories import make_post, make_user

START = datetime(2026, 3, 14, 12, tzinfo=UTC)
BODIES = [
    "Surely the wind?",
    "The pier is gone.",
    "See https://a.example",
    "https://a.example and https://b.example",
    "All at the casino tonight",
    "Nice post.",
]
MAILS = ["mud@example.org", "Gull@example.org", "tern@example.org"]
NETWORKS = ["north", "south", "east", ""]
Status = Comment.Status


def sample_of(comment: Comment, *_facts) -> SpamSample:
    """In place of the filter, which would not be sure of anything on so small a site."""
    chance = random.Random(f"{comment.body}{comment.author_name}{comment.created_at}")
    evidence = chance.random()
    return SpamSample(
        evidence=evidence, probability=evidence, share=chance.random() / 10, is_sure=chance.random() < 0.8
    )


class SimulatedSite:
    def __init__(self, seed: int, clock, others: list[CommentSettings]) -> None:
        self.chance, self.clock, self.others = random.Random(seed), clock, others
        self.moderator = make_user("mona", "Moderator")
        self.author = make_user("ada", "Author")
        self.readers = [make_user(name) for name in ("rita", "noor")]
        self.posts = [
            make_post(self.author, title="New", published_at=START - timedelta(hours=1)),
            make_post(self.author, title="Old", published_at=START - timedelta(days=20)),
            make_post(self.author, title="Labelled", labels=("sea",), published_at=START - timedelta(days=2)),
        ]
        PostPolicy.objects.create(post=self.posts[1], max_links=1)
        LabelPolicy.objects.create(label=self.posts[2].tags.get(), approved_needed=2)
        BlockRule(match="word", pattern="casino", action="spam").save()
        self.said: dict[int, list[tuple[str, list[str]]]] = {}  # by comment: the verdict of each of `others`
        self.edited: set[int] = set()
        self.batches = []

    def live(self, steps: int) -> None:
        happens = [self._write] * 8 + [self._decide] * 4
        happens += [self._undo, self._withdraw, self._edit, self._rewrite, self._prove, self._appeal, self._block]
        for _step in range(steps):
            self.clock.shift(self.chance.choice([1, 3, 20, 400, 4_000, 90_000]))
            self.chance.choice(happens)()

    def _write(self) -> None:
        post, chance = self.chance.choice(self.posts), self.chance
        shown = list(Comment.objects.filter(post=post, status=Status.APPROVED).order_by("pk"))
        comment = Comment(post=post, body=chance.choice(BODIES), created_at=timezone.now())
        comment.parent = chance.choice(shown) if shown and chance.random() < 0.3 else None
        user = AnonymousUser()
        if chance.random() < 0.4:
            user = chance.choice([*self.readers, *self.readers, self.author, self.moderator])
            comment.user, comment.author_name = user, user.name
        else:
            comment.author_name, comment.author_email = chance.choice(["Mud", "mud", "Gull"]), chance.choice(MAILS)
            known = Commenter.objects.filter(email=comment.author_email.lower()).first()
            comment.commenter = known if chance.random() < 0.7 else None  # else another browser than before
        facts = policy.Facts(user, network_digest=chance.choice(NETWORKS), now=timezone.now())
        comment.address_digest = facts.network_digest
        said = [policy.judge(comment, facts, Conditions.of(post, settings)) for settings in self.others]
        verdict = policy.judge(comment, facts)
        if verdict.status != policy.REFUSED:
            moderation.receive(comment, verdict)
            self.said[comment.pk] = [(str(one.status), one.reasons) for one in said]

    def _any(self, **fields) -> Comment | None:
        rows = list(Comment.objects.filter(**fields).order_by("pk"))
        return self.chance.choice(rows) if rows else None

    def _decide(self) -> None:
        if comment := self._any():
            verb = self.chance.choice([Verb.APPROVE] * 4 + [Verb.REJECT, Verb.SPAM, Verb.REMOVE])
            self.batches.append(moderation.decide([comment], verb, actor=self.moderator).batch)

    def _undo(self) -> None:
        if self.batches:
            batch = self.batches.pop(self.chance.randrange(len(self.batches)))
            moderation.undo(batch, actor=self.moderator, among=Comment.objects.all())

    def _withdraw(self) -> None:
        if comment := self._any():
            moderation.withdraw(comment)

    def _edit(self) -> None:
        comment = self._any(withdrawn_at=None)
        if comment and moderation.edit(comment, self.chance.choice(BODIES), actor=self.moderator, seen=comment.state):
            self.edited.add(comment.pk)

    def _rewrite(self) -> None:
        comment = Comment.objects.order_by("-pk").first()
        try:
            facts = policy.Facts(comment.user or AnonymousUser()) if comment else None
            if comment and moderation.rewrite(comment, self.chance.choice(BODIES), facts):
                self.edited.add(comment.pk)
        except (moderation.TooLate, moderation.Refused):
            pass

    def _prove(self) -> None:
        """For the first time: only then is it known when a comment was proved that was not approved by it."""
        comment = self._any(user=None, commenter=None, withdrawn_at=None)
        if comment and not Commenter.objects.filter(email=comment.author_email.lower()).exists():
            moderation.prove(comment, policy.Facts(AnonymousUser()))

    def _appeal(self) -> None:
        if comment := self._any(status=Status.REJECTED):
            moderation.appeal(comment, "Why?")

    def _block(self) -> None:
        if self.chance.random() < 0.2:
            Commenter.objects.filter(blocked_at=None).order_by("email").update(blocked_at=timezone.now())
