"""The pages of the commenters: where they are, and what they say."""

from django.urls import reverse

LIST = reverse("admin:comments_commenter_changelist")


def address_of(name: str, *args) -> str:
    return reverse(f"admin:comments_commenter_{name}", args=args)


def page_of(commenter) -> str:
    return address_of("change", commenter.pk)


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]
