"""A site with one of everything that has an address, at the desk too, and who comes to it."""

from datetime import timedelta

from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from blog import images
from blog.mail import owe
from blog.models import (
    Image,
    Label,
    Mail,
    MissingPath,
    OldPath,
    Page,
    Post,
    Preview,
    ReviewNote,
    Series,
    SiteSettings,
    User,
)
from comments import deciding, links, moderation, tokens
from comments.links import Purpose
from comments.models import (
    BlockRule,
    BulkDecision,
    Comment,
    Commenter,
    CommenterNote,
    CommentSettings,
    FollowRequest,
    Job,
    LabelPolicy,
    ModerationEvent,
    PostPolicy,
    Subscription,
)
from config.models import Invitation, SignIn
from config.roles import make_roles
from tests.blog.pictures import photo, written
from tests.config.security.addresses import Address
from tests.factories import make_comment, make_page, make_post, make_user

ROLES = ("anonymous", "reader", "Contributor", "Author", "Editor", "Moderator", "Owner")
SUBMISSION = "s" * 22


class Furnished:
    def __init__(self) -> None:
        make_roles(apps)
        self.people = {role: make_user(f"a-{role.lower()}", "" if role == "reader" else role) for role in ROLES[1:]}
        self.stranger = make_user("stranger", "Author", slug="stranger")
        creek = Series.objects.create(title="Creek")
        self.post = make_post(self.stranger, title="Tides", labels=("sea",), series=creek)
        self.page = make_page(title="About", author=self.stranger, comments_mode="open")
        shown = {"capability_hash": tokens.capability_hash(tokens.capability(SUBMISSION)), "submission": SUBMISSION}
        self.commenter = Commenter.objects.create(email="noor@example.org")
        self.comment = make_comment(self.post, status="pending", commenter=self.commenter, **shown)
        moderation.decide([self.comment], "approve", rule="import")
        self.comment.refresh_from_db()
        picture = Image(alt="A pier")
        picture.take(images.process(written(photo((60, 40)), "JPEG")))
        picture.save()
        SiteSettings(logo=picture, accent="#225577").save()
        self.rows = {
            Post: self.post,
            Page: self.page,
            Comment: self.comment,
            Image: picture,
            Series: creek,
            Label: Label.objects.get(),
            Commenter: self.commenter,
            User: self.stranger,
            ModerationEvent: ModerationEvent.objects.get(),
            SiteSettings: SiteSettings.load(),
            CommentSettings: CommentSettings.load(),
            BlockRule: BlockRule.objects.create(match="word", pattern="dice"),
            LabelPolicy: LabelPolicy.objects.create(label=Label.objects.get()),
            OldPath: OldPath.objects.create(path="/old/", post=self.post),
            MissingPath: MissingPath.objects.create(path="/missed/"),
            PostPolicy: self.post,  # known by its post's number
        }
        self.invitation = Invitation.objects.create(
            email="new@example.org",
            role="Author",
            language="en",
            invited_by=self.people["Owner"],
            ends_at=timezone.now() + Invitation.GOOD_FOR,
        )
        owe("password", "password:0", {"user": 0})
        self.rows[Mail] = Mail.objects.get()
        self.values = self._values()

    def _values(self) -> dict[str, object]:
        """What stands in an address, by the name of its parameter."""
        owner, post = self.people["Owner"], self.post
        note = ReviewNote.objects.create(post=post, author=self.stranger, text="Why?")
        subscription = Subscription.objects.create(commenter=self.commenter, post=post, thread=0)
        preview = {"post": post, "created_by": owner}
        self.tokens = {
            "prove": links.make(Purpose.PROVE, self.comment.pk),
            "follow": links.make(Purpose.FOLLOW, FollowRequest.objects.create(post=post, email="uli@example.org").pk),
            "mine": links.make(Purpose.MINE, self.commenter.reference),
            "moderate": deciding.token_for(self.comment, owner),
            "unsubscribe": links.to_end(subscription),
        }
        return {
            "year": f"{post.year:04d}",
            "month": f"{post.month:02d}",
            "slug": post.slug,
            "name": self.rows[Image].file.name,
            "key": Preview.objects.make(7, **preview),
            "capability": tokens.capability(SUBMISSION),
            "uid": urlsafe_base64_encode(force_bytes(self.stranger.pk)),
            "invitation": self.invitation.renew(),
            "token": default_token_generator.make_token(self.stranger),  # the others' end when they sign in
            "preview": Preview.objects.get().pk,
            "note": note.pk,
            "batch": self.rows[ModerationEvent].batch,
            "job": Job.objects.create(kind=Job.Kind.RETRAIN, user=owner).pk,
            "user": self.people["reader"].pk,
            "id": self.stranger.pk,
            "pk": post.pk,
            "content_type_id": ContentType.objects.get_for_model(Post).pk,
            "object_id": post.pk,
            "app_label": "blog",
            "url": "nowhere",
            "_0": "0" * 12,
            "_1": "192",
            "part": 2,
        }

    def sessions(self) -> dict[str, str]:
        """The key of a session for each of ROLES, empty for who has none."""
        keys = dict.fromkeys(ROLES, "")
        for role, user in self.people.items():
            client = Client()
            client.force_login(user)
            keys[role] = client.session.session_key
        return keys

    def values_of(self, address: Address) -> dict[str, object]:
        """What leads to something that is there."""
        values = dict(self.values)
        for model, row in self.rows.items():
            if address.template.startswith(f"admin/{model._meta.app_label}/{model._meta.model_name}/"):
                values["pk"] = values["object_id"] = row.pk
        if address.template.startswith("comment/%(pk)s"):
            values["pk"] = self.comment.pk
        slugs = {"p/": "about", "label/": "sea", "series/": "creek", "author/": "stranger"}
        for start, token in self.tokens.items():
            if f"{start}/%(token)s" in address.template:
                values["token"] = token
        for start, slug in slugs.items():
            if address.template.startswith(start):
                values["slug"] = slug
        if address.template.startswith("admin/invitations/"):
            values["pk"] = self.invitation.pk
        if "sign-ins/%(pk)s" in address.template:
            values["pk"] = self._sign_in().pk
        if "bulk/" in address.template and "batch" in address.parameters:
            values["batch"] = BulkDecision.objects.create(actor=self.people["Owner"], verb="spam").pk
        if "commentsettings/try/" in address.template:
            values["pk"] = Job.objects.create(kind="simulate", user=self.people["Owner"], asked={"changes": {}}).pk
        if "commenter/%(pk)s/note/" in address.template:
            note = CommenterNote.objects.create(commenter=self.commenter, author=self.people["Owner"], text="A note.")
            values["note"] = note.pk
        return values

    def _sign_in(self) -> SignIn:
        """Of the reader, whom it does not sign out."""
        tomorrow = timezone.now() + timedelta(days=1)
        session = Session.objects.create(session_key=get_random_string(32), expire_date=tomorrow)
        return SignIn.objects.create(user=self.people["reader"], session=session)

    def path(self, address: Address) -> str:
        return address.path(self.values_of(address))
