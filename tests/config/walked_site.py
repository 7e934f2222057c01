"""A site with one of everything that readers see, and the addresses of all its pages that are kept ready."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import lxml.html
import pytest
from django.apps import apps
from django.test import Client

from blog.models import Alike, Image, Page, Post, Series, User
from comments.models import Comment, Commenter
from config.roles import make_roles
from tests.factories import make_comment, make_page, make_post, make_user

AT = datetime(2026, 3, 14, 12, tzinfo=UTC)
DATED = {"published_at": AT, "year": 2026, "month": 3}


@dataclass
class Site:
    owner: Client
    actor: User
    tides: Post
    moon: Post
    about: Page
    comment: Comment
    pending: Comment
    proved: Comment
    image: Image
    ebb: Post
    flood: Post
    gezeiten: Post
    jazr: Post
    done: dict = field(default_factory=dict)

    @property
    def addresses(self) -> list[str]:
        lists = ["/", "/archive/", "/2026/", "/2026/03/", "/2025/", "/author/ada/"]
        labels = ["/label/", "/label/?order=use", "/label/sea/", "/label/ocean/", "/label/sky/"]
        feeds = ["/feed.atom", "/feed.rss", "/comments/feed.atom", "/label/sea/feed.atom", "/author/ada/feed.atom"]
        feeds += ["/feed.json", "/label/sea/feed.json", "/author/ada/feed.json", "/series/creek/feed.json"]
        posts = ["/2026/03/tides/", "/2026/03/moon/", "/2026/03/moon/feed.atom", "/2026/03/tides/feed.atom"]
        return [
            *lists,
            *labels,
            *feeds,
            *posts,
            *("/series/creek/", "/series/creek/feed.atom", "/2025/06/ebb/", "/2025/06/flood/"),
            *("/2025/06/gezeiten/", "/2025/06/jazr/", "/2025/06/springs/"),
            "/p/about/",
            "/2026/03/tides/?order=newest",
            *("/robots.txt", "/manifest.webmanifest", "/opensearch.xml"),
            *("/sitemap.xml", "/sitemap-lists.xml", "/sitemap-pages.xml", "/sitemap-labels.xml", "/sitemap-series.xml"),
            *("/sitemap-posts-2026-03.xml", "/sitemap-posts-2025-06.xml"),
        ]

    def submit(self, address: str, **changed) -> None:
        """Sends a form of the admin as it stands, with these fields changed."""
        page = self.owner.get(address)
        assert page.status_code == 200, address
        forms = lxml.html.fromstring(page.content.decode()).forms
        form = next(form for form in forms if len(form.fields) > 3 and form.method == "POST")
        data = dict(form.form_values()) | changed
        answer = self.owner.post(address, data)
        assert answer.status_code == 302, answer.content.decode()


@pytest.fixture
def site(transactional_db, time_machine):
    time_machine.move_to("2026-04-01 12:00Z", tick=False)  # an empty feed says when it was asked for
    make_roles(apps)
    ada = make_user("ada", "Author", slug="ada")
    actor = make_user("olive", "Owner")
    image = Image(digest="a" * 32, width=4, height=3, alt="A pier")
    image.file.name = "images/aa/pier.jpg"
    image.save()
    User.objects.filter(pk=ada.pk).update(picture=image)
    tides = make_post(ada, title="Tides", labels=("sea",), published_at=AT, cover=image)
    moon = make_post(ada, title="Moon", labels=("sea", "sky"), published_at=AT.replace(day=2))
    comment = make_comment(tides, author_name="Rita", created_at=AT)
    reply = make_comment(tides, parent=comment, author_name="Uli", user=actor, created_at=AT.replace(hour=13))
    proved = make_comment(moon, author_name="Noor", commenter=Commenter.objects.create(email="noor@example.org"))
    client = Client()
    client.force_login(actor)
    about = make_page(title="About", author=ada)
    earlier = {"author": ada, "published_at": AT.replace(year=2025, month=6)}
    creek = Series.objects.create(title="Creek")
    ebb, flood = (make_post(title=title, series=creek, **earlier) for title in ("Ebb", "Flood"))
    Alike.objects.bulk_create(Alike(post=tides, other=one, score=1 / one.pk) for one in (flood, moon))
    springs = make_post(title="Springs", **earlier)
    translated = {"translation_of": springs, **earlier}
    gezeiten = make_post(title="Gezeiten", language="de", **translated)
    jazr = make_post(title="Jazr", language="fa", **translated)
    pending = make_comment(tides, status="pending", author_name="Pia", body="Not yet.")
    return Site(
        client, actor, tides, moon, about, comment, pending, proved, image, ebb, flood, gezeiten, jazr, {"reply": reply}
    )
