"""Every page of the desk, but for the queue's: no barrier that axe finds, nothing wider than a phone."""

import os
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from blog import revisions
from blog.models import MissingPath, OldPath, Preview, Series, SiteSettings
from comments.models import BlockRule, Commenter, Job
from config.models import Invitation
from tests.blog.pictures import in_library
from tests.e2e.desk import START, show_filter, sign_in
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.slow
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def addresses(writer) -> dict[str, list[str]]:
    """What each role sees, on a site with one of everything."""
    image = in_library(alt="A boat", caption="At dawn")
    in_library("red")
    series = Series.objects.create(title="A year at the creek")
    post = make_post(writer, title="Tides", labels=("sea", "seas"), cover=image, series=series, published_at=START)
    draft = make_post(writer, title="جزر و مد", status="draft", body="<p>متن</p>")
    revisions.saved(post, writer, "saved")
    revisions.wait(post, writer, "saved", revisions.content_of(post) | {"body": "<p>Other words.</p>"})
    Preview.objects.make(7, post=post, created_by=writer, name="Uncle")
    post.review_notes.create(author=writer, text="Shorter.")
    make_comment(post, status="pending", reasons=["held_all"])
    page, label = make_page(title="About"), post.tags.first()
    MissingPath.objects.create(path="/old/")
    old = OldPath.objects.create(path="/gone/")

    def at(name: str, *args) -> str:
        return reverse(f"admin:blog_{name}", args=args)

    beside = ["change", "delete", "history", "previews", "notes", "reads"]
    author = [
        *(reverse("admin:index"), reverse("admin:password_change"), "/admin/account/"),
        reverse("admin:second_step"),
        *(at("post_changelist"), at("post_changelist") + "?q=nothing", at("post_calendar"), at("post_add")),
        *(at(f"post_{name}", one.pk) for name in beside for one in (post, draft)),
        f"{at('post_compare', post.pk)}?to={post.draft_id}",
        reverse("preview_frame", args=[post.pk]),
        *(at("image_changelist"), at("image_add"), at("image_words"), at("image_pick"), at("image_change", image.pk)),
        reverse("admin:comments_comment_changelist"),
    ]
    editor = [
        *(at("page_changelist"), at("page_add"), at("page_change", page.pk), at("page_history", page.pk)),
        *(at("label_changelist"), at("label_change", label.pk), at("label_delete", label.pk)),
        *(at("series_changelist"), at("series_change", series.pk), at("image_delete", image.pk)),
        *(at("oldpath_changelist"), at("oldpath_add"), at("oldpath_change", old.pk), at("missingpath_changelist")),
    ]
    rule = BlockRule(match="domain", pattern="spam.example", action="spam")
    rule.save()
    commenter = Commenter.objects.create(email="reader@example.org")

    def of_comments(name: str, *args) -> str:
        return reverse(f"admin:comments_{name}", args=args)

    soon = timezone.now() + timedelta(days=7)
    for number, ends_at in enumerate([soon, soon - timedelta(days=8)]):
        email = f"somebody.with.a.long.address.{number}@subdomain.example.org"
        Invitation.objects.create(email=email, role="Editor", language="fa", invited_by=writer, ends_at=ends_at)
    show_filter(post)
    retraining = Job.objects.create(kind=Job.Kind.RETRAIN, user=writer, done=1_200, total=5_000)
    owner = [
        *(of_comments(f"comment_filter{name}") for name in ("", "_reset", "_import")),
        of_comments("comment_filter_progress", retraining.pk),
        *(of_comments("commenter_changelist"), of_comments("commenter_change", commenter.pk)),
        *(of_comments("blockrule_changelist"), of_comments("blockrule_change", rule.pk), of_comments("blockrule_test")),
        *(of_comments("blockrule_import"), of_comments("moderationevent_changelist")),
        *(of_comments("commentsettings_change", 1), of_comments("postpolicy_change", post.pk)),
        *(at("sitesettings_change", 1), at("user_changelist"), at("user_change", writer.pk), at("mail_changelist")),
        *(reverse("admin:sign_in_settings"), reverse("admin:invitations"), reverse("admin:account")),
        reverse("admin:wellbeing"),
    ]
    return {"Author": author, "Editor": editor, "Owner": owner}


def enter(chromium, site: str, scheme: str, role: str, *others: str):
    """A page of a browser of its own, signed in, and the addresses to go through: the role's, and those of others."""
    by_role = addresses(make_user("arno", role))
    seen = [address for one in (*others, role) for address in by_role[one]]
    page = chromium.new_context(base_url=site, color_scheme=scheme).new_page()
    sign_in(page, "arno", "/admin/")
    return page, seen


def walk(page, seen: list[str], widths: tuple[int, ...], named: str) -> list[tuple]:
    """What is wrong with these pages at these widths; pictures of them are kept under PICTURES, if that is set."""
    wrong = []
    for address in seen:
        for width in widths:
            page.set_viewport_size({"width": width, "height": 3000})  # the bar that sticks below covers nothing
            answer = page.goto(address)
            assert answer.status == 200, address
            wrong += look(page, address, width, named)
    page.context.close()
    return wrong


def look(page, address: str, width: int, named: str) -> list[tuple]:
    """What is wrong with the page that is there."""
    found = Axe().run(page, options=RULES)
    wrong = [
        (address, width, rule["id"], [node["target"] for node in rule["nodes"]])
        for rule in found.response["violations"]
    ]
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        wrong.append((address, width, f"{wide} pixels wide"))
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{address.strip('/').replace('/', '-')[:60]}-{named}-{width}.png")
    return wrong


# In the dark, an owner goes through all that each of them sees.
@pytest.mark.parametrize(
    ("scheme", "roles"),
    [("light", ["Author"]), ("light", ["Editor"]), ("light", ["Owner"]), ("dark", ["Owner", "Author", "Editor"])],
)
@pytest.mark.timeout(900)
def test_no_barrier(chromium, site, roles, scheme):
    page, seen = enter(chromium, site, scheme, *roles)
    assert not walk(page, seen, (360, 1280), scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_where_two_saved_at_once(chromium, site, scheme):
    arno = make_user("arno", "Author")
    post = make_post(arno, title="Tides", status="draft", labels=("sea",), body="<p>The sea was calm.</p>")
    revisions.keep_what_was(post)
    page = chromium.new_context(base_url=site, color_scheme=scheme).new_page()
    sign_in(page, "arno", reverse("admin:blog_post_change", args=[post.pk]))
    post.title, post.body = "Tides and moons", "<p>The sea was rough.</p>"
    post.save()
    revisions.saved(post, make_user("edda", "Editor"), "saved")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="Edda saved another version")).to_be_visible()
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 3000})
        assert not look(page, "conflict", width, scheme)
    page.context.close()


@pytest.mark.parametrize("role", ["Author", "Owner"])
@pytest.mark.timeout(900)
def test_no_barrier_right_to_left(chromium, site, settings, role):
    """The desk is English for now; the day it is not, all of it stands the other way round."""
    page, seen = enter(chromium, site, "dark", role)
    settings.LANGUAGE_CODE = "fa"
    SiteSettings.objects.update_or_create(pk=1, defaults={"language": "fa"})

    assert not walk(page, seen, (360,), "rtl")
