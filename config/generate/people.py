"""Who writes on a generated site: authors, moderators, and readers of whom few write much and many a little."""

import random
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from blog.models import User
from comments import search
from comments.models import Comment
from config.generate import words

AUTHORS, MODERATORS = 12, 5
FIRST, LAST = words.FIRST.split(","), words.LAST.split(",")
ACCOUNTS = 20_000  # of readers, at most
LANGUAGES = {"en": 80, "fa": 8, "de": 5, "fr": 4, "es": 3}


@dataclass(slots=True)
class Writer:
    name: str
    email: str
    url: str
    user_id: int | None
    networks: tuple[str, ...]  # digests
    found_by: frozenset[str] = frozenset()  # the words of name, e-mail and website


class Readers:
    """Those who comment, by language."""

    def __init__(self, number: int, chance: random.Random) -> None:
        share = sum(LANGUAGES.values())
        self.by_language: dict[str, tuple[list[Writer], list[float]]] = {}
        accounts = iter(_accounts("reader", min(number // 15, ACCOUNTS)))
        for language, weight in LANGUAGES.items():
            writers = [_writer(chance, accounts) for _ in range(max(2, number * weight // share))]
            self.by_language[language] = writers, list(accumulate((n + 1) ** -0.4 for n in range(len(writers))))

    def one(self, language: str, chance: random.Random) -> Writer:
        writers, weights = self.by_language[language]
        writer = chance.choices(writers, cum_weights=weights)[0]
        writer.found_by = writer.found_by or _words(writer.name, writer.email, writer.url)
        return writer


def spammer(chance: random.Random) -> Writer:
    """Somebody new each time."""
    number = chance.randrange(10_000_000)
    name, email = f"{chance.choice(FIRST)}{number % 1000}", f"offer{number}@mail.example.net"
    return Writer(name, email, "", None, ("",), _words(name, email))


def author(name: str, user_id: int) -> Writer:
    return Writer(name, "", "", user_id, ("",), _words(name))


@lru_cache(maxsize=1000)
def _words(name: str, email: str = "", url: str = "") -> frozenset[str]:
    return frozenset(search.indexed(Comment(author_name=name, author_email=email, author_url=url)))


def authors() -> list[User]:
    return _accounts("author", AUTHORS, "Author")


def moderators() -> list[User]:
    return _accounts("moderator", MODERATORS, "Moderator")


def _accounts(kind: str, number: int, role: str = "") -> list[User]:
    """That many accounts that nobody can sign in to, made where they are missing."""
    names = [f"generated-{kind}-{n}" for n in range(1, number + 1)]
    known = set(User.objects.filter(username__startswith=f"generated-{kind}-").values_list("username", flat=True))
    taken = set(User.objects.filter(slug__startswith="generated-").values_list("slug", flat=True))
    chance = random.Random(kind)  # noqa: S311
    made = []
    for name in names:
        shown = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        if name not in known and name not in taken:
            made.append(User(username=name, slug=name, display_name=shown, password=make_password(None)))
    User.objects.bulk_create(made, batch_size=500)
    if role and made:
        group = Group.objects.get(name=role)
        group.user_set.add(*User.objects.filter(username__in=[user.username for user in made]))
        User.objects.filter(username__in=[user.username for user in made]).update(is_staff=True)
    return list(User.objects.filter(username__startswith=f"generated-{kind}-").order_by("pk")[:number])


def _writer(chance: random.Random, accounts) -> Writer:
    first, last, number = chance.choice(FIRST), chance.choice(LAST), chance.randrange(100_000)
    networks = tuple(f"{chance.getrandbits(128):032x}" for _ in range(chance.choice((1, 1, 2, 3))))
    user = next(accounts, None) if chance.random() < 0.06 else None
    if user:
        return Writer(user.display_name, user.email, "", user.pk, networks)
    name = chance.choice((first, f"{first} {last}", f"{first} {last[0]}.", f"{last}{number % 100}"))
    host = chance.choice(("example.org", "example.com", "example.net", f"mail{number % 40}.example.org"))
    url = f"https://{last.lower()}{number}.example.com/" if last.isascii() and number % 10 == 0 else ""
    return Writer(name, f"{ascii_of(first)}.{ascii_of(last)}{number}@{host}", url, None, networks)


def ascii_of(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii())
