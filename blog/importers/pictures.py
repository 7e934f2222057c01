"""Pictures that stand inside the text of an imported post, as data: addresses, become images of the library."""

import base64
import binascii
import re
from html import escape
from io import BytesIO
from urllib.parse import unquote_to_bytes

from django.utils.translation import gettext as _

from blog import images, soup
from blog.models import Image, User


def take_pictures(body: str, *, uploaded_by: User | None = None, dry_run: bool = False) -> tuple[str, list[str]]:
    """The body with its own pictures in the library, and one line for each that was refused.

    A refused picture leaves its alternative text. With `dry_run` they are looked at and not stored.
    """
    if "data:" not in body.lower():
        return body, []
    parts: list[str] = []
    notes: list[str] = []
    for token in soup.tokens(body):
        given = token.attributes if token.kind == "start" and token.name == "img" else {}
        source = given.get("src", "").strip()
        if not source.lower().startswith("data:"):
            parts.append(token.raw)
            continue
        alt = given.get("alt", "").strip()[:300]
        try:
            file = BytesIO(_decoded(source))
            if dry_run:
                images.process(file)
            else:
                image, _is_new = Image.objects.from_upload(file, alt=alt, uploaded_by=uploaded_by)
                parts.append(soup.tag("img", {"src": image.file.url, "alt": alt}))
        except images.ImageRefused as refusal:
            notes.append(_("a picture in its text was left out: %(why)s") % {"why": refusal})
            parts.append(escape(alt, quote=False))
    return "".join(parts), notes


def _decoded(address: str) -> bytes:
    head, _comma, data = address.partition(",")
    raw = unquote_to_bytes(data)
    if not head.lower().endswith(";base64"):
        return raw
    try:
        return base64.b64decode(re.sub(rb"\s", b"", raw) + b"==")
    except binascii.Error:
        raise images.ImageRefused(_("it is damaged.")) from None
