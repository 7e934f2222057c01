from django import template
from django.template import Context

from blog.models import User
from config import sessions

register = template.Library()


@register.inclusion_tag("admin/_sign_ins.html", takes_context=True)
def sign_ins(context: Context, user: User) -> dict:
    """Where this user is signed in, with what ends it."""
    request = context["request"]
    return {
        "sign_ins": sessions.of(user, request.session.session_key),
        "holder": user,
        "is_own": user.pk == request.user.pk,
        "csrf_token": context["csrf_token"],
    }
