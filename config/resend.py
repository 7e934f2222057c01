"""What somebody had sent when the site could not take it, as a form that sends it once more by one press.

Needs no template and no database. A comment that was stored all the same is not stored twice: its form has a token that
counts once.
"""

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join

# Never shown again, and without them nothing can be sent again.
SECRET = ("password", "otp", "code")


def form(request: HttpRequest, kept: list[dict]) -> str:
    """`kept` are the fields that a person wrote (config/views.py). Empty if there are none."""
    if not kept:
        return ""
    names = {field["name"] for field in kept}
    areas = format_html_join(
        "\n",
        '<label for="kept-{}">{}</label><textarea id="kept-{}" name="{}" rows="{}" dir="auto">\n{}</textarea>',
        ((i, field["label"], i, field["name"], field["rows"], field["value"]) for i, field in enumerate(kept)),
    )
    if request.FILES or any(word in name.lower() for name in request.POST for word in SECRET):
        return format_html('<div class="kept">{}</div>', areas)
    hidden = format_html_join(
        "\n",
        '<input type="hidden" name="{}" value="{}">',
        ((name, value) for name, values in request.POST.lists() if name not in names for value in values),
    )
    return format_html(
        '<form class="kept" method="post" action="{}">{}{}<p><button>Send it again</button></p></form>',
        request.get_full_path(),
        areas,
        hidden,
    )
