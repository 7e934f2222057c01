import re
import time

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone

from blog.models import Image, Page, Post, SiteSettings
from comments.models import Comment, ModerationEvent
from config import demo
from config.demo.pictures import PICTURES
from tests.factories import make_post, make_user


class Demo(TestCase):
    """One site for all who look at it: its pictures take long to draw."""

    @classmethod
    def setUpTestData(cls):
        cls.keeper = make_user("owner", "Owner", display_name="")
        demo.fill(cls.keeper)

    def test_it_shows_every_kind_of_post(self):
        posts = Post.objects.filter(kind="post")
        assert posts.filter(status="draft").count() == 1
        assert posts.filter(status="published", published_at__gt=timezone.now()).count() == 1
        assert posts.filter(pinned=True).count() == 1
        assert posts.filter(language="fa").count() == 1
        assert posts.filter(comments_mode="closed").exists()
        assert posts.exclude(cover=None).count() == 2
        assert Post.objects.published().count() >= 12
        assert Page.objects.published().count() == 2
        assert set(posts.values_list("author", flat=True)) == {self.keeper.pk}
        ages = [(timezone.now() - post.published_at).days for post in Post.objects.published()]
        assert max(ages) > 700

    def test_the_long_post_has_every_kind_of_block(self):
        body = Post.objects.get(slug="what-the-tide-table-leaves-out").body_html
        for tag in (
            "h2",
            "h3",
            "figure",
            "figcaption",
            "table",
            "caption",
            "th",
            "pre",
            "code",
            "blockquote",
            "ul",
            "ol",
            "sup",
        ):
            assert f"<{tag}" in body, tag

    def test_its_pictures_have_words_and_its_links_lead_somewhere(self):
        assert Image.objects.count() == 3
        for post in Post.objects.all():
            assert "{" not in re.sub(r"<pre>.*?</pre>", "", post.body, flags=re.DOTALL), post
            for image in re.findall(r"<img[^>]*>", post.body_html):
                assert re.search(r'alt="[^"]{10,}"', image), image
            for link in re.findall(r'(?:href|src)="(/[^"]*)"', post.body_html):
                response = self.client.get(link)
                assert response.status_code == 200, link
                assert b"".join(response)  # a file is closed once it is read

    def test_it_shows_every_kind_of_comment(self):
        statuses = set(Comment.objects.values_list("status", flat=True))
        assert statuses == {"approved", "pending", "rejected", "spam", "removed"}
        assert Comment.objects.pending().count() >= 5
        assert max(comment.depth for comment in Comment.objects.visible()) >= 3
        assert Comment.objects.filter(user=self.keeper, status="approved").count() >= 4
        assert not Comment.objects.filter(created_at__gt=timezone.now()).exists()

    def test_each_decision_is_in_the_moderation_log(self):
        decided = Comment.objects.exclude(status="pending").filter(user=None)
        for comment in decided:
            assert ModerationEvent.objects.filter(
                comment_id=comment.pk, actor=self.keeper, to_status=comment.status
            ).exists()

    def test_every_public_address_answers(self):
        for post in [*Post.objects.published(), *Page.objects.published()]:
            assert self.client.get(post.get_absolute_url()).status_code == 200, post
        assert "Tidewater Notes" in self.client.get("/").content.decode()
        part = self.client.get(Post.objects.get(slug="the-gauge-in-forty-lines").get_absolute_url())
        assert "Part 2 of 3" in part.content.decode()

    def test_addresses_in_it_can_belong_to_nobody(self):
        texts = [*Post.objects.values_list("body", flat=True), *Comment.objects.values_list("body", flat=True)]
        texts += [f"{c.author_email} {c.author_url}" for c in Comment.objects.all()]
        for host in re.findall(r"(?:https?://|@)([\w.-]+)", " ".join(texts)):
            assert re.search(r"(^|\.)example\.(org|com|net)$", host), host


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_the_same_each_time_and_soon_drawn(name):
    start = time.process_time()
    drawn = PICTURES[name]().getvalue()
    assert time.process_time() - start < 3
    assert drawn == PICTURES[name]().getvalue()
    assert drawn.startswith(b"\x89PNG") and len(drawn) < 200_000


@pytest.mark.django_db
def test_the_command_leaves_a_site_with_posts_alone():
    make_post(make_user("alice", "Owner"))
    with pytest.raises(CommandError, match="has posts already"):
        call_command("demo")
    assert SiteSettings.load().title == "Marginalia"


@pytest.mark.django_db
def test_the_command_needs_somebody_to_write():
    with pytest.raises(CommandError, match="manage.py owner"):
        call_command("demo")
