"""Every page of the desk that an author or an editor sees: no barrier that axe finds, nothing wider than a phone."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from blog import revisions
from blog.models import MissingPath, OldPath, Preview, Series
from tests.blog.pictures import in_library
from tests.e2e.desk import START, sign_in
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
    return {"Author": author, "Editor": editor}


@pytest.mark.parametrize("role", ["Author", "Editor"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.timeout(900)
def test_no_barrier(chromium, site, role, scheme):
    seen = addresses(make_user("arno", role))[role]
    context = chromium.new_context(base_url=site, color_scheme=scheme)
    page = context.new_page()
    sign_in(page, "arno", "/admin/")
    wrong = []
    for address in seen:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 3000})  # the bar that sticks below covers nothing
            answer = page.goto(address)
            assert answer.status == 200, address
            found = Axe().run(page, options=RULES)
            for rule in found.response["violations"]:
                wrong.append((address, width, rule["id"], [node["target"] for node in rule["nodes"]]))
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                wrong.append((address, width, f"{wide} pixels wide"))
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=f"{folder}/{address.strip('/').replace('/', '-')[:60]}-{scheme}-{width}.png")
    context.close()
    assert not wrong
