"""How a feed is written: Atom 1.0 (RFC 4287), RSS 2.0, and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

Beside what Django's feeds hold, an item has `whole` (its HTML, or None where the feed gives first words), `summary`,
`image` (an Attached or None) and `language` (where it is not the feed's); a feed has `icon`, and `logo` or None.
"""

import json
from dataclasses import dataclass
from mimetypes import guess_type

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date

from blog.soup import tidy_text

MEDIA = {"xmlns:media": "http://search.yahoo.com/mrss/"}
OF_RSS = {
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}
COMMENTS = "https://www.rssboard.org/rss-specification"  # which says what an item's comments are


@dataclass(frozen=True)
class Attached:
    """The picture of an item: its whole address, how large it is, and what it shows in words."""

    url: str
    width: int
    height: int
    alt: str

    def write(self, handler) -> None:
        """As Media RSS, which is used within Atom too."""
        of_file = {"url": self.url, "medium": "image", "width": str(self.width), "height": str(self.height)}
        kind, _encoding = guess_type(self.url)
        handler.startElement("media:content", of_file | ({"type": kind} if kind else {}))
        if self.alt:
            handler.addQuickElement("media:description", tidy_text(self.alt), {"type": "plain"})
        handler.endElement("media:content")


class Readable(SyndicationFeed):
    """XML has no place for control characters, and one in an excerpt that was pasted would be the end of every feed."""

    def add_item(self, *args, **kwargs) -> None:
        super().add_item(*args, **kwargs)
        item = self.items[-1]
        item.update({name: tidy_text(value) for name, value in item.items() if isinstance(value, str)})


class AtomFeed(Readable, Atom1Feed):
    """Atom parts whole texts (<content>) from first words (<summary>); Django knows the latter alone."""

    def root_attributes(self) -> dict:
        return super().root_attributes() | MEDIA

    def add_root_elements(self, handler) -> None:
        super().add_root_elements(handler)
        for name in ("icon", "logo"):
            if self.feed.get(name):
                handler.addQuickElement(name, self.feed[name])

    def item_attributes(self, item: dict) -> dict:
        return {"xml:lang": item["language"]} if item.get("language") else {}

    def add_item_elements(self, handler, item: dict) -> None:
        whole = item.get("whole")
        super().add_item_elements(handler, item if whole is None else item | {"description": item.get("summary")})
        if whole is not None:
            handler.addQuickElement("content", whole, {"type": "html"})
        if item["comments"]:
            handler.addQuickElement("link", "", {"rel": "replies", "type": "text/html", "href": item["comments"]})
        if item.get("image"):
            item["image"].write(handler)


class RssFeed(Readable, Rss201rev2Feed):
    """RSS has first words (<description>), and beside them whole texts (<content:encoded>)."""

    def rss_attributes(self) -> dict:
        return super().rss_attributes() | MEDIA | OF_RSS

    def add_root_elements(self, handler) -> None:
        super().add_root_elements(handler)
        if self.feed.get("icon"):
            handler.startElement("image", {})
            for name, said in (("url", "icon"), ("title", "title"), ("link", "link")):
                handler.addQuickElement(name, self.feed[said])
            handler.endElement("image")

    def add_item_elements(self, handler, item: dict) -> None:
        whole = item.get("whole")
        super().add_item_elements(handler, item if whole is None else item | {"description": item.get("summary")})
        if whole is not None:
            handler.addQuickElement("content:encoded", whole)
        if item["updateddate"]:
            handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        if item.get("language"):
            handler.addQuickElement("dc:language", item["language"])
        if item.get("image"):
            item["image"].write(handler)


class JsonFeed(SyndicationFeed):
    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile, encoding: str) -> None:
        feed = self.feed
        written = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "description": feed["description"],
            "icon": feed.get("icon"),
            "language": feed["language"],
        }
        items = [_said(self._item(item)) for item in self.items]
        outfile.write(json.dumps(_said(written) | {"items": items}, ensure_ascii=False).encode(encoding))

    def _item(self, item: dict) -> dict:
        image, author = item.get("image"), {"name": item["author_name"], "url": item["author_link"]}
        comments = item["comments"] and {"about": COMMENTS, "url": item["comments"]}
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["description"] if item.get("whole") is None else item["whole"],
            "summary": item.get("summary"),
            "image": image and image.url,
            "date_published": item["pubdate"] and rfc3339_date(item["pubdate"]),
            "date_modified": item["updateddate"] and rfc3339_date(item["updateddate"]),
            "authors": [_said(author)],
            "tags": list(item["categories"]),
            "language": item.get("language"),
            "_comments": comments,
        }


KINDS = {"atom": AtomFeed, "rss": RssFeed, "json": JsonFeed}


def _said(values: dict) -> dict:
    """Without what is empty: a feed leaves out what it has nothing to say of. A text may be empty, and still is one."""
    return {name: value for name, value in values.items() if value or name == "content_html"}
