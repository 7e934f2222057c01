"""Small Blogger exports made to Takeout's shape, and runs of manage.py import_blogger over them."""

import io

import pytest
from django.core.management import CommandError, call_command

from blog.models import Image, ImportedPost, Label, OldPath, Post, User
from comments.models import Comment, ImportedComment, ModerationEvent

BLOG = "tag:blogger.com,1999:blog-77"
ROWS = ("posts", "scheduled", "drafts", "pages", "comments", "replies", "labels")
COLUMNS = ("in all", "new", "updated", "unchanged", "edited here", "skipped")
ANNA = "<author><name>Anna</name><uri>https://www.blogger.com/profile/123</uri><blogger:type>BLOGGER</blogger:type></author>"
READER = "<author><name>Ben</name><uri/><blogger:type>ANONYMOUS</blogger:type></author>"


def entry(kind: str, number: int, content: str = "Words", inner: str = "", **fields: str) -> str:
    """An entry of a Takeout feed, to takeout-shape.md."""
    fields = {"status": "LIVE", "published": "2017-06-01T10:00:00Z", "updated": "2017-06-02T10:00:00Z"} | fields
    labels = "".join(f"<category scheme='{BLOG}' term='{name}'/>" for name in fields.get("labels", "").split())
    parent = f"<blogger:parent>{BLOG}.post-{fields['post']}</blogger:parent>" if "post" in fields else ""
    answered = f"{BLOG}.post-{fields['answers']}" if "answers" in fields else ""
    return f"""<entry><id>{BLOG}.post-{number}</id>{parent}<blogger:inReplyTo>{answered}</blogger:inReplyTo>
    <blogger:type>{kind}</blogger:type><blogger:status>{fields["status"]}</blogger:status>
    {fields.get("author", ANNA)}<title>{fields.get("title", "")}</title>
    <content type='html'>{content}</content><blogger:metaDescription/>
    <blogger:created>{fields["published"]}</blogger:created>
    <published>{fields["published"]}</published><updated>{fields["updated"]}</updated>
    <blogger:location/><category/>{labels}<blogger:filename>{fields.get("filename", "")}</blogger:filename>
    <link/><enclosure/><blogger:trashed>{fields.get("trashed", "")}</blogger:trashed>{inner}</entry>"""


def feed(*entries: str) -> str:
    return (
        "<?xml version='1.0' encoding='utf-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom'"
        f" xmlns:blogger='http://schemas.google.com/blogger/2018'>\n<id>{BLOG}</id><title>Apples</title>\n"
        + "\n".join(entries)
        + "</feed>"
    )


APPLES = entry(
    "POST",
    1,
    "&lt;b&gt;Red&lt;/b&gt;&lt;br /&gt;&lt;br /&gt;and green.",
    title="Apples &amp;#39;n&amp;#39; pears",
    filename="/2017/06/apples.html",
    labels="Fruit Red",
)
QUESTION = entry("COMMENT", 11, "Which ones?&lt;br /&gt;&lt;br /&gt;Tell.", post="1", author=READER)
ANSWER = entry("COMMENT", 12, "All.", post="1", answers="11", published="2017-06-03T10:00:00Z")
BLOG_OF_ALL = feed(
    # As Takeout may have it: an answer before the comment, comments before their post.
    ANSWER,
    QUESTION,
    entry("COMMENT", 13, "Late.", post="1", author=READER, published="2018-01-01T10:00:00Z"),
    APPLES,
    entry("POST", 2, "Begun.", title="A draft", status="DRAFT", filename="/2017/07/draft.html", labels="Fruit"),
    entry("POST", 3, "Soon.", title="Ahead", published="2990-01-01T00:00:00Z", filename="/2990/01/ahead.html"),
    entry("POST", 4, "Gone.", title="Binned", trashed="2020-01-01T00:00:00Z"),
    entry("PAGE", 5, "I am.", title="About", filename="/p/about-me.html"),
    entry("COMMENT", 14, "Hello!", post="5", author=READER),
    entry("COMMENT", 15, "Buy!", post="1", author=READER, status="SPAM"),
    entry("COMMENT", 16, "Lost.", post="999", author=READER),
)


def run(source, *options: str) -> tuple[dict[str, dict[str, int]], str]:
    """The report's numbers, and all that was said."""
    out = io.StringIO()
    call_command("import_blogger", str(source), *options, stdout=out)
    return numbers_of(out.getvalue()), out.getvalue()


def run_to_fault(source, *options: str) -> tuple[str, str]:
    """The one line of the fault, and what was said before it."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_blogger", str(source), *options, stdout=out)
    assert "\n" not in str(caught.value)
    return str(caught.value), out.getvalue()


def numbers_of(text: str) -> dict[str, dict[str, int]]:
    found = {}
    for line in text.splitlines():
        name, *numbers = line.split()
        if name in ROWS and len(numbers) == len(COLUMNS):
            found[name] = dict(zip(COLUMNS, (int(number.replace(",", "")) for number in numbers), strict=True))
    return found


def everything() -> dict[str, list]:
    models = (Post, Label, OldPath, User, Image, ImportedPost, Comment, ImportedComment, ModerationEvent)
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
    return rows | {"labelled": list(Post.tags.through.objects.order_by("pk").values())}
