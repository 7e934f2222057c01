"""The rich-text editor: which of its parts a writer gets, and how the page loads it (static/js/admin-editor.js)."""

import json
import re

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget, prose_editor_base_media
from js_asset import ImportMap, Media, Script

from blog import soup
from blog.admin.editor_texts import TEXTS
from blog.models import Image
from blog.render.code import LANGUAGES
from blog.sanitize import CLASSES, POST, RENAMED

# What blog.sanitize lets through outlives the editor: an element without a part of its own here stays as it is.
BLOCKS = sorted(soup.BLOCKS)
ATTRIBUTES = {tag: sorted(names) for tag, names in sorted(POST.attributes.items())}
WITH_BUTTONS = frozenset({"a", "strong", "b", "em", "i", "s", "del", "sub", "sup", "code"})
MARKS = sorted(POST.tags - soup.BLOCKS - soup.VOID - WITH_BUTTONS)
RULES = {
    "attributes": ATTRIBUTES,
    "blocks": BLOCKS,
    "classes": {tag: pattern.pattern for tag, pattern in CLASSES.items()},
    "renamed": RENAMED,
}

EXTENSIONS = {
    "Paragraph": {"blocks": BLOCKS},
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "CodeBlock": {"languages": list(LANGUAGES.items())},
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {
        "enableTarget": False,
        "autolink": True,
        "linkOnPaste": True,
        "postsUrl": reverse_lazy("admin:blog_post_links"),
    },
    "Figure": {
        "pickerUrl": reverse_lazy("admin:blog_image_pick"),
        "uploadUrl": reverse_lazy("admin:blog_image_upload"),
    },
    "Image": True,
    "InlineImage": True,
    "Caption": True,
    "Footnote": RULES,
    "Embed": True,
    "Table": True,
    "TableFigure": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Elements": {"attributes": ATTRIBUTES, "marks": MARKS},
    "Kept": RULES,
    "TrailingNode": True,
    "Find": True,
    "Source": True,
    "Fullscreen": True,
    "NoSpellCheck": False,
    "Placeholder": {"placeholder": _("Write here, or paste.")},
    # Buttons only: the package's drop-down cannot be reached by keyboard.
    "Menu": {
        "groups": [
            {"group": "headings"},
            {"group": "marks"},
            {"group": "link"},
            {"group": "lists"},
            {"group": "nodes -headings -lists"},
            {"group": "inserts"},
            {"group": "table"},
            {"group": "history"},
            {"group": "utility"},
        ]
    },
}

# Scripts that name one another: their addresses change with their content.
MODULES = sorted(path.stem for path in (settings.BASE_DIR / "static/js/editor").glob("*.js"))
IMPORTS = ImportMap({f"marginalia/{name}": f"js/editor/{name}.js" for name in MODULES})


class BodyWidget(ProseEditorWidget):
    """The editor over a plain textarea of HTML, which is what stays where scripts do not run."""

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs={"rows": 24, "dir": "auto"} | (attrs or {}))
        self.config, self.preset = {"extensions": EXTENSIONS}, "marginalia"

    @property
    def media(self) -> Media:
        ours = Media(
            importmap=IMPORTS,
            css={"all": ["css/admin-editor.css"]},
            js=["js/admin-combobox.js", Script("js/admin-editor.js", type="module")],
        )
        return prose_editor_base_media + ours

    def get_context(self, name: str, value: str | None, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-texts": json.dumps(TEXTS, cls=DjangoJSONEncoder),
            "data-described": json.dumps(_described(value or "")),
        }
        return context


def _described(body: str) -> dict[int, bool]:
    """Of the images in a body, whether the library says what they show, or that they only decorate."""
    shown = re.findall(r'data-image="([1-9][0-9]{0,17})"', body)
    images = Image.objects.filter(pk__in=shown).values_list("pk", "alt", "decorative") if shown else []
    return {pk: bool(alt) or decorative for pk, alt, decorative in images}
