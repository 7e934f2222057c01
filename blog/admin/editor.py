"""The rich-text editor: which of its parts a writer gets, and how the page loads it (static/js/admin-editor.js)."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget, prose_editor_base_media
from js_asset import Media, Script

# What the editor can make is what blog.sanitize lets through.
EXTENSIONS = {
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
    "CodeBlock": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "autolink": True, "linkOnPaste": True},
    "Figure": {"pickerUrl": reverse_lazy("admin:blog_image_pick")},
    "Image": True,
    "Caption": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "TrailingNode": True,
    "HTML": True,
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
            {"group": "table"},
            {"group": "history"},
            {"group": "utility"},
        ]
    },
}

# By the package's names of its buttons, which it leaves in English.
BUTTONS = {
    "heading2": _("Heading"),
    "heading3": _("Smaller heading"),
    "heading4": _("Smallest heading"),
    "bold": _("Bold"),
    "italic": _("Italic"),
    "strike": _("Struck through"),
    "subscript": _("Subscript"),
    "superscript": _("Superscript"),
    "code": _("Code in a line"),
    "link": _("Link: mark some words first"),
    "unlink": _("Remove the link"),
    "bulletList": _("List"),
    "orderedList": _("Numbered list"),
    "paragraph": _("Plain paragraph"),
    "blockquote": _("Quote"),
    "codeBlock": _("Block of code"),
    "horizontalRule": _("Line across"),
    "figure": _("Image"),
    "table": _("Table"),
    "table:addColumnAfter": _("Add a column"),
    "table:deleteColumn": _("Delete the column"),
    "table:addRowAfter": _("Add a row"),
    "table:deleteRow": _("Delete the row"),
    "table:mergeCells": _("Merge cells"),
    "table:splitCell": _("Split the cell"),
    "table:toggleHeaderCell": _("Heading cell"),
    "table:deleteTable": _("Delete the table"),
    "history:undo": _("Undo"),
    "history:redo": _("Redo"),
    "html": _("See and change the HTML"),
    "fullscreen": _("Whole screen"),
}


class BodyWidget(ProseEditorWidget):
    """The editor over a plain textarea of HTML, which is what stays where scripts do not run."""

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs={"rows": 24, "dir": "auto"} | (attrs or {}))
        self.config, self.preset = {"extensions": EXTENSIONS}, "marginalia"

    @property
    def media(self) -> Media:
        return prose_editor_base_media + Media(js=[Script("js/admin-editor.js", type="module")])

    def get_context(self, name: str, value: str | None, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        texts = {"toolbar": _("Formatting"), "buttons": BUTTONS}
        context["widget"]["attrs"]["data-texts"] = json.dumps(texts, cls=DjangoJSONEncoder)
        return context
