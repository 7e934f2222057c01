"""The moderator's desk: comments to fill it, and what a person does there."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Error

from comments.models import Comment, SpamSample
from comments.spam.features import Told, buckets, pack
from tests.factories import make_comment

QUEUE = "/admin/comments/comment/"
START = datetime(2026, 3, 14, 12, tzinfo=UTC)


def make_many(post, count: int, **fields) -> list[Comment]:
    return [
        make_comment(
            post,
            author_name=f"Reader {number}",
            body=f"Number {number}.",
            created_at=START + timedelta(minutes=number),
            **{"status": "pending", "reasons": ["held_all"]} | fields,
        )
        for number in range(count)
    ]


def sign_in(page, username: str = "mona", to: str = QUEUE) -> None:
    page.goto(f"/admin/login/?next={to}")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{to}*")


def press(page, key: str) -> None:
    """A key that sends a form; the page that follows has come before this returns."""
    with page.expect_navigation():
        page.keyboard.press(key)


def tab_to(page, locator) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"The keyboard does not reach {locator}.")


def click_and_close(page, locator) -> None:
    """A click that closes its window, which may be gone before the click has ended."""
    with page.expect_event("close"), suppress(Error):
        locator.click()


def wait_until(page, expression: str) -> None:
    """Asks the page until this is true. Its content policy lets no function of Playwright's wait in it."""
    said = ""
    for _moment in range(100):
        try:
            if page.evaluate(expression):
                return
        except Error as error:  # the page is on its way to another, or has not yet what is asked about
            said = error.message
        page.wait_for_timeout(100)
    raise AssertionError(f"It never came: {expression}. {said}")


def show_filter(post, count: int = 120) -> list[Comment]:
    """Comments that people decided on, a day apart, with what the spam filter had said of them. Its mistakes."""
    signs = [
        ["word", "subscribe", 2.5],
        ["link", "channel.example", 1.8],
        ["word", "مرداب", 0.4],
        ["word", "tide", -0.7],
    ]
    mistakes = []
    for number in range(count):
        is_spam, is_wrong = number % 3 == 0, number % 17 == 4
        comment = make_comment(
            post,
            author_name="ساحل" if number % 2 else f"Reader {number}",
            body="در مرداب، آب آرام است. " * 3
            if number % 2
            else "Subscribe to my channel: https://channel.example/tides",
            status="spam" if is_spam else "approved",
            created_at=START + timedelta(days=number),
        )
        says_spam = is_spam != is_wrong
        SpamSample.objects.create(
            comment=comment,
            created_at=comment.created_at,
            evidence=4 if says_spam else -4,
            probability=0.97 if says_spam else 0.04,
            share=0.001 if says_spam else 0.8,
            is_sure=number > 20,
            why=signs,
            features=pack(buckets(Told(comment.body))),
            is_spam=is_spam,
            decided_at=comment.created_at + timedelta(hours=1),
        )
        if is_wrong and number > 20:
            mistakes.append(comment)
    return mistakes


def statuses() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("status", flat=True))
