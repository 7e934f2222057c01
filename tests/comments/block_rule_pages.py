"""The pages of the block rules: where they are, and what they say."""

from django.urls import reverse


def address_of(name: str, *args) -> str:
    return reverse(f"admin:comments_blockrule_{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def messages_of(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])
