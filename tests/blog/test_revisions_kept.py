"""Whatever two authors do to one post: every text saved on purpose, and each one's newest autosave of each sitting, is
in some version for good."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog import revisions
from blog.models import Post
from tests.blog.writing import address_of, form_data
from tests.factories import make_post, make_user

START = datetime(2026, 3, 14, 12, tzinfo=ZoneInfo("UTC"))
BUTTONS = ("_save", "_publish", "_draft", "_keep", "_review")
AUTHORS = {"edda": "Editor", "arno": "Author"}  # the post is his

Text = tuple[str, str, tuple[str, ...]]  # title, body and labels

authors = st.sampled_from(sorted(AUTHORS))
moves = st.one_of(
    st.tuples(st.just("open"), authors),
    st.tuples(st.just("type"), authors),
    st.tuples(st.just("save"), authors, st.sampled_from(BUTTONS), st.booleans()),
    st.tuples(st.just("restore"), authors, st.integers(0, 30)),
    st.tuples(st.just("discard"), authors),
    st.tuples(st.just("bin"), authors),
    st.tuples(st.just("wait"), st.sampled_from((1, 12, 60 * 24 * 8))),
)


def text_in(content: dict) -> Text:
    return content["title"], content["body"], tuple(content["tags"])


class Desk:
    """An editor, an author and a post of his. Each has a form open, or opens one."""

    def __init__(self) -> None:
        self.clients, self.forms, self.words = {}, {}, 0
        self.saved: set[Text] = set()
        self.typed: dict[tuple[str, str], Text] = {}  # of each author and sitting, what was typed last
        users = {name: make_user(name, role) for name, role in AUTHORS.items()}
        for name, user in users.items():
            self.clients[name] = Client()
            self.clients[name].force_login(user)
        self.now = START
        self.post = make_post(users["arno"], ("sea",), title="Tides", body="<p>As it was.</p>", status="draft")
        self.saved.add(("Tides", "<p>As it was.</p>", ("sea",)))

    def play(self, move: tuple) -> None:
        self.now += timedelta(minutes=1)
        with time_machine.travel(self.now, tick=False):
            self.post.refresh_from_db()
            getattr(self, f"_{move[0]}")(*move[1:])
            revisions.thin(self.now)

    def _write(self, form: dict) -> Text:
        """New words in one of the fields; what the form says then."""
        self.words += 1
        field, words = [("body", "<p>Text {}.</p>"), ("title", "Title {}"), ("tags", "sea, tide {}")][self.words % 3]
        form[field] = words.format(self.words)
        return form["title"], form["body"], tuple(form["tags"].split(", ")) if form["tags"] else ()

    def _open(self, name: str, revision: int | None = None) -> None:
        query = {"revision": revision} if revision else {}
        context = self.clients[name].get(address_of(self.post), query).context
        if "sitting" in context:
            hidden = {key: context[key] for key in ("sitting", "base_revision", "restored")}
            said = context["adminform"].form.initial
            labels = sorted(getattr(label, "name", label) for label in said["tags"])
            shown = {"title": said["title"], "body": said["body"], "tags": ", ".join(labels)}
            self.forms[name] = hidden | shown | {"author": self.post.author_id}

    def _form(self, name: str) -> dict | None:
        if name not in self.forms:
            self._open(name)
        return self.forms.get(name)

    def _type(self, name: str) -> None:
        if form := self._form(name):
            text = self._write(form)
            address = reverse("admin:blog_post_autosave", args=[self.post.pk])
            answer = self.clients[name].post(address, form_data(**form))
            assert answer.json()["kept"]
            self.typed[name, form["sitting"]] = text

    def _save(self, name: str, button: str, insists: bool) -> None:
        if not (form := self._form(name)):
            return
        text = self._write(form)
        payload = form_data(slug="tides", **form) | {button: "1"}
        answer = self.clients[name].post(address_of(self.post), payload)
        if answer.status_code == 302 and self.post.status == "binned":  # not saved, but kept as what was typed
            self.typed[name, form["sitting"]] = text
        if answer.status_code == 302:
            self.saved.add(text)
            del self.forms[name]
            return
        self.typed[name, form["sitting"]] = text  # a conflict keeps what was sent
        if insists and (theirs := answer.context["theirs"]):
            form["overwrite"] = theirs.pk
            if self.clients[name].post(address_of(self.post), payload | {"overwrite": theirs.pk}).status_code == 302:
                self.saved.add(text)
                del self.forms[name]

    def _restore(self, name: str, which: int) -> None:
        kept = list(self.post.revisions.order_by("pk"))
        if kept:
            self._open(name, kept[which % len(kept)].pk)

    def _discard(self, name: str) -> None:
        self.clients[name].post(reverse("admin:blog_post_discard", args=[self.post.pk]))

    def _bin(self, name: str) -> None:
        verb = "restore" if self.post.status == "binned" else "delete"
        self.clients[name].post(reverse(f"admin:blog_post_{verb}", args=[self.post.pk]), {"post": "yes"})

    def _wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


class NothingIsLost(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(st.lists(moves, min_size=3, max_size=14))
    def test_every_text_is_in_some_version(self, played):
        desk = Desk()
        for move in played:
            desk.play(move)
        with time_machine.travel(desk.now + timedelta(days=400), tick=False):
            revisions.thin(desk.now + timedelta(days=400))
        post = Post.objects.get()
        row = text_in(revisions.content_of(post))
        kept = {text_in(revision.content) for revision in post.revisions.all()} | {row}
        assert desk.saved <= kept
        assert set(desk.typed.values()) <= kept
        if post.revision:
            assert text_in(post.revision.content) == row
