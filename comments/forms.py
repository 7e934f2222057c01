from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from blog import sanitize
from blog.fields import WordsField
from blog.ids import number
from comments.models import Comment
from comments.models.comment import MAX_LENGTH


class CommentForm(forms.Form):
    """What a writer types. Hands back an unsaved Comment; the view adds the facts of the request."""

    use_required_attribute = True

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": _("Write the name to show beside your comment.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        error_messages={
            "required": _("Write your e-mail address. It is never shown."),
            "invalid": _("This is not an e-mail address; one looks like name@example.org."),
        },
    )
    url = forms.CharField(
        label=_("Website"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "url", "dir": "ltr", "inputmode": "url"}),
    )
    text = WordsField(
        label=_("Comment"),
        max_length=MAX_LENGTH,
        rows=7,
        help_text=_("You may use"),
        error_messages={"required": _("Write your comment here.")},
    )
    # People never see this field; programs that fill in every field do.
    topic = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, post, user, **kwargs) -> None:
        """`user` who is signed in writes under the account's name: the fields for it are not shown."""
        kwargs.setdefault("auto_id", "comment-%s")
        super().__init__(*args, **kwargs)
        self.post, self.user = post, user
        self.answered: Comment | None = None
        if user.is_authenticated:
            for field in ("name", "email", "url"):
                del self.fields[field]

    def clean_url(self) -> str:
        url = self.cleaned_data["url"].strip()
        if not url:
            return ""
        if "://" not in url:
            url = f"https://{url}"
        try:
            URLValidator(schemes=["http", "https"])(url)
        except ValidationError:
            raise ValidationError(_("This is not a web address; one looks like https://example.org.")) from None
        if len(url) > 200:
            raise ValidationError(_("This address is too long: at most 200 characters."))
        return url

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        self.html = sanitize.clean_comment(text)  # kept: of hostile markup it takes a fifth of a second
        if not sanitize.plain_text(self.html).strip():
            raise ValidationError(_("There are no words in this comment yet."))
        return text

    def clean_parent(self) -> str:
        parent = self.cleaned_data["parent"]
        if not parent:
            return ""
        self.answered = Comment.objects.visible().filter(post=self.post, pk=number(parent)).first()
        if self.answered is None:
            raise ValidationError(
                _("The comment you answer is no longer shown. Send yours again to let it stand alone.")
            )
        return parent

    def comment(self) -> Comment:
        """The comment as typed, unsaved. Call it on a valid form."""
        data = self.cleaned_data
        comment = Comment(post=self.post, parent=self.answered, body=data["text"])
        if self.user.is_authenticated:
            comment.user, comment.author_name = self.user, self.user.name[:100]
        else:
            comment.author_name, comment.author_email, comment.author_url = data["name"], data["email"], data["url"]
        comment.body_html = self.html
        return comment
