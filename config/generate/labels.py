"""Labels of a generated site: three hundred, the first on a third of all posts, of the others few on many."""

import random

from blog.models import Label
from blog.slugs import make_slug
from config.generate import words

NUMBER = 300
FIRST = 1 / 3
MOST = 4  # on one post


class Labels:
    """Each is a pair of name and id."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.first, *self.others = [(label.name, label.pk) for label in _made()]

    def some(self) -> list[tuple[str, int]]:
        """One to four of them, in the order of their names, which is that of a post's labels."""
        number, chance = len(self.others), self.chance.random
        found = {self.first} if chance() < FIRST else set()
        for _ in range(1 + int((MOST - 1) * chance())):
            found.add(self.others[int(number ** chance()) - 1])  # about as 1 / place
        return sorted(found)


def _made() -> list[Label]:
    """They are made where they are missing."""
    there = {key: label for label in Label.objects.all() for key in (label.name, label.slug)}
    found = [
        there.get(name) or there.get(make_slug(name)) or Label(name=name, slug=make_slug(name)) for name in names()
    ]
    Label.objects.bulk_create(label for label in found if label.pk is None)
    return found


def names() -> list[str]:
    plain = words.LABELS.split(",")
    more = [f"{quality} {name}" for quality in words.QUALITIES.split(",") for name in plain if name.isascii()]
    return [*plain, *more][:NUMBER]
