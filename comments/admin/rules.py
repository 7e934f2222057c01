"""The forms of the test box and of importing block rules."""

from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.fields import WordsField
from comments import addresses
from comments.blocking import Hit, Texts, hits, keys
from comments.models import BlockRule

Action = BlockRule.Action
# What becomes of a comment by these rules alone, the strictest first.
BECOMES = {
    Action.REJECT: _("It would not be taken."),
    Action.SPAM: _("It would be marked as spam."),
    Action.HOLD: _("It would be held for a moderator."),
}


@dataclass
class Found:
    hits: list["Shown"] = field(default_factory=list)
    becomes: str = ""
    unknown_networks: int = 0  # rules that nothing can be said of without an address


@dataclass
class Shown:
    hit: Hit
    kind: str
    action: str


class TestForm(forms.Form):
    text = WordsField(label=_("Text"), required=False, max_length=20_000, rows=6)
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    # Not checked: what people type wrongly is tried too.
    email = forms.CharField(label=_("E-mail"), required=False, max_length=300)
    url = forms.CharField(label=_("Website"), required=False, max_length=500)
    browser = forms.CharField(
        label=_("Browser’s name"), required=False, max_length=500, help_text=_("What it says of itself.")
    )
    address = forms.CharField(
        label=_("Network address"),
        required=False,
        max_length=50,
        help_text=_("For example 192.0.2.7. It is not kept. Of stored comments only the first part is known."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if address:
            try:
                validate_ipv46_address(address)
            except ValidationError:
                raise ValidationError(_("This is no network address; one looks like 192.0.2.7.")) from None
        return address

    def found(self) -> Found:
        data = self.cleaned_data
        texts = Texts(
            body=data["text"],
            name=data["name"],
            email=data["email"],
            url=data["url"],
            browser=data["browser"],
            address=data["address"],
            network_digest=addresses.digest(addresses.network_of(data["address"])) if data["address"] else "",
        )
        found = hits(texts, timezone.now())
        actions = {hit.action for hit in found}
        networks = BlockRule.objects.in_force().filter(match=BlockRule.Match.NETWORK)
        return Found(
            hits=[Shown(hit, BlockRule.Match(hit.match).label, Action(hit.action).label) for hit in found],
            becomes=next((words for action, words in BECOMES.items() if action in actions), ""),
            unknown_networks=0 if data["address"] else networks.count(),
        )


class ImportForm(forms.Form):
    text = forms.CharField(
        label=_("One rule a line"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto", "spellcheck": "false", "class": "keys"}),
    )
    upload = forms.FileField(
        label=_("Or a file of text"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )
    action = forms.ChoiceField(
        label=_("What becomes of a comment that has one of them"),
        choices=Action,
        initial=Action.HOLD,
        help_text=_("For lines that do not say it themselves."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)

    def clean(self) -> dict:
        """The file's text joins what was typed, so that it is in the form when that is shown again."""
        data = super().clean()
        if "text" in self.errors:
            return data
        upload = data.get("upload")
        if upload:
            if upload.size > keys.MAX_BYTES:
                self.add_error("upload", _("This file is too large: at most 2 MB. Import it in parts."))
                return data
            try:
                read = upload.read().decode("utf-8-sig").replace("\0", "")
            except UnicodeDecodeError:
                self.add_error("upload", _("This is no text in UTF-8. Save it as UTF-8 text and choose it again."))
                return data
            data["text"] = "\n".join(filter(None, [data["text"].rstrip(), read]))
            self.data = self.data.copy()
            self.data["text"] = data["text"]
        if len(data.get("text", "").encode()) > keys.MAX_BYTES:
            self.add_error("text", _("This is too much at once: at most 2 MB. Import it in parts."))
        elif not data.get("text", "").strip():
            self.add_error("text", _("Write or paste at least one rule, or choose a file."))
        return data

    def draft(self) -> keys.Draft:
        return keys.draft(self.cleaned_data["text"], self.cleaned_data["action"])
