"""“How good is the filter?” by keyboard, on a phone, and without scripts."""

import json

import pytest
from playwright.sync_api import expect

from comments.models import Comment, Job, SpamSample
from comments.spam import store
from tests.e2e.desk import press, show_filter, sign_in
from tests.factories import make_comment, make_post, make_user

PAGE = "/admin/comments/comment/filter/"


@pytest.fixture
def olive(site):
    return make_user("olive", "Owner")


def focus(page, name: str) -> None:
    """By the tab key alone, to what is called so."""
    for _key in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()").startswith(name):
            return
    raise AssertionError(f"No key leads to {name}")


def test_a_moderator_corrects_a_mistake_by_keyboard(person, site):
    make_user("mona", "Moderator")
    mistakes = show_filter(make_post(title="Tides"))
    page = person()
    sign_in(page)
    page.get_by_role("link", name="Spam filter").click()

    wrong = [comment for comment in mistakes if comment.status == "approved"][-1]
    page.locator(f"#comment-{wrong.pk} a").focus()
    focus(page, "Spam")
    press(page, "Enter")

    assert page.url.endswith(f"{PAGE}#mistakes")
    expect(page.get_by_role("status")).to_contain_text("1 comment marked as spam.")
    assert Comment.objects.get(pk=wrong.pk).status == "spam"
    expect(page.locator(f"#comment-{wrong.pk}")).to_have_count(0)


def test_the_queue_says_what_the_filter_thinks(person, site):
    make_user("mona", "Moderator")
    comment = make_comment(make_post(), status="pending", body="Subscribe!")
    SpamSample.objects.create(
        comment=comment, evidence=4, probability=0.97, share=0.001, is_sure=True, features=b"x",
        why=[["word", "subscribe", 2.5], ["word", "مرداب", -1.0]],
    )  # fmt: skip
    page = person(viewport={"width": 360, "height": 740})
    sign_in(page)

    said = page.locator(".opinion").inner_text()

    assert "spam, 97 in 100" in said
    assert "subscribe" in said
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_owner_exports_forgets_imports_and_retrains(person, olive, tmp_path, scripts):
    show_filter(make_post(title="Tides"), 24)
    for comment in Comment.objects.filter(status="spam")[:4]:
        SpamSample.objects.filter(comment=comment).update(is_spam=None, decided_at=None)
        Comment.objects.filter(pk=comment.pk).update(status="pending")
    page = person(java_script_enabled=scripts)
    sign_in(page, "olive", PAGE)
    page.get_by_role("link", name="Retrain it from history…").click()
    page.get_by_role("button", name="Retrain it from history").click()
    # Nobody decided on these here: they are learnt from the samples.
    page.get_by_text("of spam now.").wait_for()
    page.get_by_role("link", name="How good is the filter?").click()

    with page.expect_download() as download:
        page.get_by_role("link", name="Export", exact=True).click()
    file = tmp_path / "filter.json"
    download.value.save_as(file)
    assert json.loads(file.read_text())["lessons"] == {"good": 16, "spam": 4}

    page.get_by_role("link", name="Forget everything…").click()
    page.get_by_role("button", name="Forget everything").click()
    page.get_by_text("has forgotten all").wait_for()
    assert store.read()[0].lessons == [0, 0]

    page.get_by_role("link", name="Import…").click()
    page.get_by_label("A file that was exported").set_input_files(file)
    page.get_by_label("Replace what the filter").check()
    page.get_by_role("button", name="Import").click()
    page.get_by_text("The filter knows what is in the file").wait_for()
    assert store.read()[0].lessons == [16, 4]


def test_the_bar_moves_by_itself(person, olive):
    job = Job.objects.create(kind=Job.Kind.RETRAIN, user=olive, done=10, total=100)
    page = person()
    sign_in(page, "olive", f"{PAGE}retrain/{job.pk}/")
    assert page.get_by_role("progressbar").get_attribute("value") == "10"

    Job.objects.update(done=60)

    page.locator("progress[value='60']").wait_for()
