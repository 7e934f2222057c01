"""Links to other sites are marked as such: what opens there has no hold on this page."""

from django.conf import settings

from blog.render.tree import Element, find


def mark_links(root: Element) -> None:
    for link in find(root, "a"):
        if is_outside(link.attributes.get("href", "")):
            link.attributes["rel"] = "noopener"


def is_outside(url: str) -> bool:
    """Whether a link leads to another site."""
    url = url.strip()
    if url.startswith("//"):
        return True
    return url.lower().startswith(("http://", "https://")) and not f"{url}/".startswith(f"{settings.SITE_URL}/")
