"""A small site to measure: 200 posts of about 1,900 words, 20 labels, one post with 50 approved comments."""

from datetime import UTC, datetime, timedelta

from tests.factories import make_comment, make_post, make_user

SENTENCE = "The tide table in the harbour office is right about the moon and wrong about the weather. "


def make(posts: int = 200) -> None:
    author = make_user("author", "Owner")
    newest = datetime(2026, 3, 14, 21, 10, tzinfo=UTC)
    body = "".join(f"<h2>Part {part}</h2>" + f"<p>{SENTENCE * 6}</p>" * 3 for part in range(6))
    for number in range(posts):
        posted = newest - timedelta(days=number + 1)
        make_post(
            author, title=f"Note {number}", body=body, labels=("sea", f"label {number % 20}"), published_at=posted
        )
    post = make_post(author, title="Tides", body=body, labels=("sea", "moon", "weather"), published_at=newest)
    parent = None
    for number in range(50):
        text = f"Number {number}: {SENTENCE * 2}\n\nWe see the <b>same</b> up the estuary."
        answered = parent if number % 3 else None
        parent = make_comment(post, author_name=f"Reader {number}", body=text, parent=answered)
