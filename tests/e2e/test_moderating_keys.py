"""The moderator's desk in a real browser, by keyboard."""

import pytest
from playwright.sync_api import expect

from comments import moderation
from comments.models import Comment
from tests.e2e.desk import QUEUE, make_many, press, sign_in, statuses


def is_focused(page, comment: Comment) -> None:
    expect(page.locator(f"#comment-{comment.pk}")).to_be_focused()


def test_approve_and_the_rest_by_keyboard_alone(person, post, mona):
    comments = make_many(post, 6)
    page = person()
    sign_in(page)

    page.keyboard.press("j")
    is_focused(page, comments[0])
    press(page, "a")
    is_focused(page, comments[1])
    press(page, "s")
    press(page, "d")
    is_focused(page, comments[3])
    page.keyboard.press("r")
    page.keyboard.type("Please stay with the subject.")
    press(page, "Enter")
    is_focused(page, comments[4])
    page.keyboard.press("e")
    page.keyboard.type("Thank you: j k a s d u")
    page.keyboard.press("Tab")
    press(page, "Enter")

    assert statuses() == ["approved", "spam", "removed", "rejected", "approved", "pending", "approved"]
    assert Comment.objects.get(parent=comments[4]).body == "Thank you: j k a s d u"
    expect(page.get_by_text("Approved and answered.")).to_be_visible()
    press(page, "u")
    assert statuses()[4] == "pending"
    is_focused(page, comments[4])


def test_a_press_too_many_decides_once(person, post, mona):
    comments = make_many(post, 3)
    page = person()
    sign_in(page)
    page.keyboard.press("j")
    page.evaluate("""() => {
        const press = new KeyboardEvent("keydown", {key: "a", bubbles: true});
        document.activeElement.dispatchEvent(press);
        document.activeElement.dispatchEvent(press);
    }""")
    page.wait_for_url(f"**#comment-{comments[1].pk}")
    expect(page.get_by_role("status").get_by_text("1 comment approved.")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_key_takes_back_the_last_decision_not_one_of_the_comments_log(person, post, mona):
    comment = make_many(post, 1)[0]
    moderation.decide([comment], moderation.Verb.APPROVE, actor=mona, seen={comment.pk: comment.state})
    page = person()
    sign_in(page, to=f"{QUEUE}{comment.pk}/change/")
    page.keyboard.press("e")
    page.keyboard.type("Thank you.")
    page.keyboard.press("Tab")
    press(page, "Enter")
    press(page, "u")
    assert statuses() == ["approved", "rejected"]


def test_the_keys_are_listed_and_can_be_turned_off(person, post, mona):
    make_many(post, 2)
    page = person()
    sign_in(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[id^=comment-]:focus")).to_have_count(0)
    page.reload()
    expect(page.locator(".hint")).to_have_count(0)


def test_escape_leaves_a_panel_and_nothing_typed_is_lost(person, post, mona):
    comment = make_many(post, 1)[0]
    page = person()
    sign_in(page)
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.keyboard.type("Half an answer")
    page.keyboard.press("Escape")
    is_focused(page, comment)
    page.keyboard.press("e")
    expect(page.get_by_label("Your answer to")).to_have_value("Half an answer")


@pytest.mark.parametrize("key", "arsdex")
def test_a_verbs_key_first_chooses_a_comment(person, post, mona, key):
    comment = make_many(post, 1)[0]
    page = person()
    sign_in(page)
    page.keyboard.press(key)
    is_focused(page, comment)
    expect(page.locator("[name=selected]:checked, details[open]")).to_have_count(0)
    assert statuses() == ["pending"]


def test_the_key_says_when_nothing_is_left_to_take_back(person, post, mona):
    make_many(post, 1)
    page = person()
    sign_in(page)
    page.keyboard.press("u")
    page.get_by_role("status").get_by_text("Nothing left to take back here").wait_for()
