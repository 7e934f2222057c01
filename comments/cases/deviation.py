"""Where we differ from WordPress on purpose. Told by principle, not by case: what would WordPress's rule say?"""

import re
from typing import NamedTuple

from django.utils.translation import gettext, gettext_lazy

from comments.cases.reading import VERDICTS, Asked
from comments.models import BlockRule

STRICTNESS = {"approve": 0, "hold": 1, "spam": 2, "refuse": 3}
LISTS = ("moderation_keys", "disallowed_keys")
LONGEST_EMAIL = 100  # of WordPress
FLOOD = 15  # seconds, of WordPress
ADDRESS = re.compile(r"[0-9a-f]*[.:][0-9a-f.:]*", re.IGNORECASE)  # characters anywhere are not looked for in it
MARKUP = re.compile(r"<[^>]*>")
AS_READ = gettext_lazy("Words are compared as readers see them: without markup, look-alikes and invisible characters.")
Match = BlockRule.Match


class Key(NamedTuple):
    """One of WordPress's keys, and as what it came in here."""

    words: str
    match: str


def deviation(case: Asked, verdict: str, reasons: list[str], hits: tuple[int, ...], keys: dict[int, Key]) -> str | None:
    """The reason why `verdict`, which is not what the case expects, is ours on purpose; None if it is not.

    `hits` are the block rules that matched, `keys` all that there are, by their rule.
    """
    if case.input.get("type", "comment") not in ("comment", ""):
        return gettext("There are no pingbacks here: what says it is one is a comment like any other.")
    if case.part("post").get("status") == "private" and verdict == "refuse":
        return gettext("There are no posts here that only some may read.")
    if len(case.said("email")) > LONGEST_EMAIL and case.allows("refuse"):
        return gettext("An e-mail address may have 254 characters, as mail allows.")
    if reasons == ["by_staff"] and _is_flood(case):
        return gettext("A post’s author decides on the comments under it, and so may write as quickly as a moderator.")
    if verdict == "hold" and _trusts_typing_alone(case, reasons):
        return gettext("A typed name or e-mail address proves nothing, so it earns no trust.")
    if STRICTNESS[verdict] < min(STRICTNESS[word] for word in VERDICTS if case.allows(word)):
        return _missed([key for pk, key in keys.items() if pk not in hits and _is_found(key.words, case)], case)
    return _wider([keys[pk] for pk in hits if not _is_found(keys[pk].words, case)])


def _is_flood(case: Asked) -> bool:
    """Whether the post's own author, who moderates nothing else there, writes too soon after the comment before."""
    seconds = case.number("seconds_since_last", default=FLOOD, most=10**12)
    return case.setup.get("logged_in") == "post author" and (seconds < FLOOD or len(case.texts()) > 1)


def _trusts_typing_alone(case: Asked, reasons: list[str]) -> bool:
    """Whether we hold it only as a stranger's, while its name and address are those of a comment approved before."""
    if [reason.partition("/")[0] for reason in reasons] != ["first_time:guest"]:
        return False
    approved = [item for item in case.history() if item.get("status", "approved") in ("approve", "approved")]
    typed = (case.said("author"), case.said("email").lower())
    if any((item.get("author"), item.get("email", "").lower()) == typed for item in approved):
        return True
    is_accounts = str(case.part("registered_user").get("email", "")).lower() == typed[1]
    return is_accounts and any(item.get("by_user") for item in approved)


def _is_found(key: str, case: Asked) -> bool:
    """Whether WordPress would find this key: anywhere in any field; disallowed ones also between tags."""
    text = " ".join(case.texts())
    fields = [*_by_people(case), case.said("user_agent")]
    if key in case.keys("disallowed_keys"):
        fields.append(MARKUP.sub("", text))
    return any(key.lower() in value.lower() for value in fields)


def _by_people(case: Asked) -> list[str]:
    return [case.said(name) for name in ("author", "email", "url", "ip")] + case.texts()


def _missed(keys: list[Key], case: Asked) -> str | None:
    """Of keys that WordPress finds and we do not: why none of them is meant here."""
    people = _by_people(case)
    inside = [key for key in keys if any(key.words.lower() in value.lower() for value in people)]
    if keys and not inside and all(key.match != Match.FRAGMENT for key in keys):
        return gettext("A word is looked for in what people write, not in what a browser says of itself.")
    if inside and not any(_is_whole(key, people) for key in inside):
        return gettext("Words, domains and addresses are matched whole, not inside longer ones.")
    words = [MARKUP.sub(" ", value) for value in people]
    if inside and not any(_is_whole(key, words) for key in inside):
        return str(AS_READ)
    return None


def _is_whole(key: Key, fields: list[str]) -> bool:
    if key.match == Match.FRAGMENT:
        return any(key.words.lower() in value.lower() for value in fields if not ADDRESS.fullmatch(value))
    if key.match == Match.NETWORK:
        return any(value.startswith(key.words) for value in fields)
    whole = re.compile(rf"(?<!\w){re.escape(key.words)}(?!\w)", re.IGNORECASE)
    return any(whole.search(value) for value in fields)


def _wider(keys: list[Key]) -> str | None:
    """Of keys that we find and WordPress does not."""
    if not keys:
        return None
    if all(key.match == Match.NETWORK for key in keys):
        return gettext("Addresses are kept as networks (/24, /48), so a rule takes in the neighbours.")
    return str(AS_READ)
