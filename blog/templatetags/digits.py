from datetime import datetime

from django import template

from blog.digits import digits

register = template.Library()
register.filter(digits)


@register.filter(expects_localtime=True)
def machine(moment: datetime) -> str:
    """A moment as machines read it, to the second: HTML takes three digits of its fraction at most."""
    return moment.isoformat(timespec="seconds")
