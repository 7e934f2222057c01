"""What a block rule looks for, from what somebody typed: checked, and put in the form that is compared."""

import re
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from comments.folding import UNSEEN, UNSPACED, fold, hosts, literal, networks, seen, words

MAX_PATTERN = 200
MAX_FOLDED = 400
NETWORK = re.compile(r"[0-9]+\.[0-9./]*|[0-9a-f]*:[0-9a-f:.]*(?:/[0-9]+)?")
THREE_NUMBERS = re.compile(r"(?:[0-9]{1,3}\.){2}[0-9]{1,3}")


@dataclass(frozen=True)
class Pattern:
    match: str
    pattern: str
    folded: str
    notes: tuple[str, ...] = ()  # what was made of it, where that is not what was typed


def read(match: str, typed: str) -> Pattern:
    """The pattern that `typed` is of the kind `match`, or of another where that is plainly meant (see its notes).

    Raises ValidationError, in words for who typed it.
    """
    typed = _tidy(typed)
    pattern = READERS[match](typed)
    if not pattern.folded:
        raise ValidationError(_("Nothing in this can be seen, so nothing can be found by it."))
    if len(pattern.folded) > MAX_FOLDED:
        raise ValidationError(_("This is too long."))
    return pattern


def of_key(key: str) -> Pattern:
    """The kind of rule that one of WordPress's keys becomes. Raises ValidationError as read() does."""
    key = _tidy(key)
    folded = fold(key)
    if THREE_NUMBERS.fullmatch(folded):
        key = folded = f"{folded}."  # in a list of keys, 192.0.2 is the beginning of an address
    likely = {
        "network": NETWORK.fullmatch(folded),
        "email": "@" in folded,
        "domain": "." in folded and hosts.DOMAIN.fullmatch(hosts.ascii_domain(folded)),
    }
    for match in (match for match, is_likely in likely.items() if is_likely):
        try:
            return read(match, key)
        except ValidationError:
            continue
    if folded == " ".join(words(folded)) and not UNSPACED.search(folded) and not _is_a_disguise(key):
        return read("phrase" if " " in folded else "word", key)
    return read("fragment", key)


def _tidy(typed: str) -> str:
    """Measured before it is folded: folding a very long line would take minutes."""
    typed = " ".join(typed.replace("\0", "").split())
    if not typed:
        raise ValidationError(_("Write what to look for."))
    if len(typed) > MAX_PATTERN:
        raise ValidationError(_("This is too long: at most %(most)d characters.") % {"most": MAX_PATTERN})
    return typed


def _words(typed: str) -> Pattern:
    found = words(fold(typed))
    if not found:
        raise ValidationError(_("There is no letter or digit in this. Choose “characters, anywhere” for signs."))
    if UNSPACED.search(seen(typed)):
        return Pattern("fragment", typed, fold(typed), (_("Its language has no spaces: it is looked for anywhere."),))
    folded = " ".join(found)
    notes = ()
    if folded != fold(typed):
        notes = (_("Marks are not compared: it is found as “%(words)s”.") % {"words": folded},)
    return Pattern("word" if len(found) == 1 else "phrase", typed, folded, notes)


def _word(typed: str) -> Pattern:
    pattern = _words(typed)
    if pattern.match == "phrase":
        note = _("More than one word: it is kept as a phrase.")
        return replace(pattern, notes=(note, *pattern.notes))
    return pattern


def _phrase(typed: str) -> Pattern:
    pattern = _words(typed)
    if pattern.match == "word":
        return replace(pattern, notes=(_("One word only: it is kept as a word."), *pattern.notes))
    return pattern


def _prefix(typed: str) -> Pattern:
    pattern = _words(typed)
    if pattern.match == "phrase":
        raise ValidationError(_("The beginning of a word has no space or mark inside. Choose “phrase” for several."))
    return replace(pattern, match="prefix") if pattern.match == "word" else pattern


def _fragment(typed: str) -> Pattern:
    notes = ()
    if any(char.isalpha() for char in typed):
        notes = (_("It is found inside longer words too: “ass” would be found in “class”."),)
    # ＄ is looked for as it stands: folded it would be found in every $.
    folded = literal(typed) if _is_a_disguise(typed) else fold(typed)
    return Pattern("fragment", typed, folded, notes)


def _is_a_disguise(typed: str) -> bool:
    return not UNSEEN.sub("", typed).replace("ı", "i").isascii() and fold(typed).isascii()


def _domain(typed: str) -> Pattern:
    host = hosts.domain_of(fold(typed))
    if not host:
        raise ValidationError(_("This is not a domain; one looks like example.com."))
    if host == hosts.ascii_domain(fold(typed)):
        return Pattern("domain", typed, host)
    return Pattern("domain", host, host, (_("Only the domain is kept: %(domain)s") % {"domain": host},))


def _email(typed: str) -> Pattern:
    folded = fold(typed)
    try:
        validate_email(folded)
    except ValidationError:
        raise ValidationError(_("This is not an e-mail address; one looks like name@example.org.")) from None
    return Pattern("email", typed, folded)


def _network(typed: str) -> Pattern:
    try:
        network = networks.read(fold(typed))
    except ValueError:
        raise ValidationError(
            _("This is no network; one looks like 192.0.2.0/24, 192.0.2. or 2001:db8::/48.")
        ) from None
    wide = networks.widened(network)
    notes = ()
    if wide != network:
        notes = (_("Only the first part of an address is ever kept: it is for all of %(net)s.") % {"net": wide},)
    elif network.prefixlen < networks.kept_prefix(network.version):
        notes = (_("So wide a network is known only at the moment when somebody writes, not of older comments."),)
    return Pattern("network", str(wide), str(wide), notes)


READERS = {
    "word": _word,
    "phrase": _phrase,
    "prefix": _prefix,
    "fragment": _fragment,
    "domain": _domain,
    "email": _email,
    "network": _network,
}
