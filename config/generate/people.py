"""Who writes on a generated site: authors, moderators, and readers of whom few write much and many a little."""

import random
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from blog.models import User
from comments.models import Commenter
from config.generate import words
from config.generate.bulk import Rows, moment
from config.generate.sentences import found_by

AUTHORS, MODERATORS = 12, 5
FIRST, LAST = words.FIRST.split(","), words.LAST.split(",")
READERS, ACCOUNTS = 400_000, 20_000  # at most
LANGUAGES = {"en": 80, "fa": 8, "de": 5, "fr": 4, "es": 3}
PROVED = 1 / 6  # of readers without an account, who have followed a mailed link


@dataclass(slots=True)
class Writer:
    name: str
    email: str
    url: str
    user_id: int | None
    networks: tuple[str, ...]  # digests
    is_proved: bool = False  # whether the address is
    commenter_id: int | None = None
    words: str = ""  # as the comments' search has name, e-mail and website
    known_since: int | None = None  # a comment of one whose name is proved was approved

    def found_by(self) -> str:
        self.words = self.words or found_by("", self.name, self.email, self.url)
        return self.words


class Readers:
    """Those who comment, by language."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self.chance, share, number = chance, sum(LANGUAGES.values()), min(number // 15, READERS)
        accounts = iter(_accounts("reader", min(number // 15, ACCOUNTS)))
        self.by_language = {
            language: [_reader(chance, accounts) for _ in range(max(2, number * weight // share))]
            for language, weight in LANGUAGES.items()
        }
        self.spammers = [_spammer(chance) for _ in range(1 + number // 2)]
        self.proved = dict(Commenter.objects.filter(email__isnull=False).values_list("email", "pk"))
        self.new = Rows.of(Commenter, "id email proved_at browsers")

    def one(self, language: str) -> Writer:
        """The first are the likeliest: about as (place + 1) ** -0.4."""
        writers = self.by_language[language]
        return writers[int(len(writers) * self.chance.random() ** (1 / 0.6))]

    def spammer(self) -> Writer:
        return self.spammers[int(len(self.spammers) * self.chance.random())]

    def prove(self, writer: Writer, at: int) -> None:
        """Has the writer of a comment be a commenter from then on; two who share an address are one."""
        email, number = writer.email.lower(), self.chance.getrandbits(62) + 1
        code = f"{self.chance.getrandbits(128):032x}"
        if email not in self.proved:
            self.proved[email] = number
            self.new.add((number, email, moment(at), code))
        writer.commenter_id = self.proved[email]


def author(name: str, user_id: int) -> Writer:
    return Writer(name, "", "", user_id, ("",))


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


def _reader(chance: random.Random, accounts) -> Writer:
    first, last, number = chance.choice(FIRST), chance.choice(LAST), chance.randrange(100_000)
    networks = tuple(f"{chance.getrandbits(128):032x}" for _ in range(chance.choice((1, 1, 2, 3))))
    user = next(accounts, None) if chance.random() < 0.06 else None
    if user:
        return Writer(user.display_name, user.email, "", user.pk, networks)
    name = chance.choice((first, f"{first} {last}", f"{first} {last[0]}.", f"{last}{number % 100}"))
    host = chance.choice(("example.org", "example.com", "example.net", f"mail{number % 40}.example.org"))
    url = f"https://{last.lower()}{number}.example.com/" if last.isascii() and number % 10 == 0 else ""
    email = f"{ascii_of(first)}.{ascii_of(last)}{number}@{host}"
    return Writer(name, email, url, None, networks, is_proved=chance.random() < PROVED)


def _spammer(chance: random.Random) -> Writer:
    number = chance.randrange(10_000_000)
    networks = tuple(f"{chance.getrandbits(128):032x}" for _ in range(3))
    return Writer(f"{chance.choice(FIRST)}{number % 1000}", f"offer{number}@mail.example.net", "", None, networks)


def ascii_of(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii())
