"""A site whose database fails, and somebody who writes to it meanwhile."""

import time

import lxml.html

from tests.config.node import TOO_QUICK, Node, Visitor

WORDS = "The harbour wall is older than that, & “dry” at low water. {}"


class running:
    def __init__(self, node: Node) -> None:
        self.node = node

    def __enter__(self) -> Node:
        self.node.start()
        self.node.wait_until_up()
        return self.node

    def __exit__(self, *_error) -> None:
        self.node.stop()
        assert "Traceback" not in self.node.log.read_text(), self.node.log.read_text()


def a_post(reader: Visitor) -> str:
    reader.get("/")
    links = lxml.html.fromstring(reader.text).xpath("//main//a/@href")
    for link in (link for link in links if link.startswith("/20") and link.count("/") == 4):
        reader.get(link)
        if "comment-text" in reader.text:
            return link
    raise AssertionError(links)


def about_to_comment(node: Node) -> Visitor:
    """With a form in front of them that the next send() stores."""
    writer = Visitor(node)
    writer.get(a_post(writer))
    writer.words = WORDS.format(time.monotonic())  # the same twice would be refused
    writer.send("text", text=writer.words, name="Reader", email="reader@example.org")
    time.sleep(TOO_QUICK)
    return writer


def sent_in_vain(writer: Visitor, says: str) -> None:
    writer.send("text")
    assert writer.status == 503 and says in writer.text, (writer.status, writer.text)
    [form] = lxml.html.fromstring(writer.text).forms
    assert form.fields["text"].strip() == writer.words and form.fields["token"]  # a browser drops the first line end
    assert writer.headers["Retry-After"] == "120" and writer.headers["Cache-Control"] == "no-store"


def sent_again(writer: Visitor) -> None:
    """By the form that the page held."""
    writer.send("text")
    assert writer.path.startswith("/comment/status/"), (writer.status, writer.text)


def until_status(reader: Visitor, path: str, status: int, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while True:
        reader.get(path)
        if reader.status == status:
            return
        assert time.monotonic() < end, (reader.status, reader.text)
        time.sleep(0.5)
