"""The moderator's desk: comments to fill it, and what a person does there."""

from datetime import UTC, datetime, timedelta

from comments.models import Comment
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


def wait_until(page, expression: str) -> None:
    """Asks the page until this is true. Its content policy lets no function of Playwright's wait in it."""
    for _moment in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"It never came: {expression}")


def statuses() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("status", flat=True))
