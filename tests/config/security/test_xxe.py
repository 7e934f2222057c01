"""XML from strangers opens no file and asks no server. Blogger's feeds are the one kind of XML that is read."""

import io
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from blog import images
from blog.importers import blogger
from blog.importers.records import ImportFault
from tests.config.command import ROOT

DECLARED = [
    '<!DOCTYPE feed [<!ENTITY x SYSTEM "file://{file}">]>',
    '<!DOCTYPE feed [<!ENTITY x SYSTEM "{url}">]>',
    '<!DOCTYPE feed SYSTEM "{url}">',
    '<!DOCTYPE feed PUBLIC "-//x" "{url}">',
    '<!DOCTYPE feed [<!ENTITY % x SYSTEM "{url}"> %x;]>',
    '<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;">]>',
]
FEED = '<?xml version="1.0"?>{declared}<feed xmlns="http://www.w3.org/2005/Atom"><title>&x;</title></feed>'


@pytest.fixture
def server():
    """(address, the paths that were asked for)."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/x.dtd", asked
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.mark.parametrize("declared", DECLARED)
def test_xxe(server, tmp_path, declared):
    url, asked = server
    (tmp_path / "secret").write_text("only for this site")
    feed = FEED.format(declared=declared.format(file=tmp_path / "secret", url=url))
    with pytest.raises(ImportFault, match="declares XML entities") as refused:
        list(blogger.read(io.BytesIO(feed.encode())))
    assert "only for this site" not in str(refused.value)
    assert asked == []


def test_a_drawing_with_entities_is_no_picture(server):
    url, asked = server
    drawing = (
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{url}">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>'
    )
    with pytest.raises(images.ImageRefused):
        images.process(io.BytesIO(drawing.encode()))
    assert asked == []


def test_one_module_reads_xml():
    """Another would have to defend itself too: then it belongs here."""
    parsers = re.compile(
        r"\b(?:XMLParser|ParserCreate|minidom|pulldom|fromstring|iterparse|feedparser|xml\.sax|lxml)\b"
    )
    sources = [path for app in ("blog", "comments", "config") for path in (ROOT / app).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in sources if parsers.search(path.read_text(encoding="utf-8"))}
    assert found == {"blog/importers/xmlstream.py"}
