"""What speaks for or against a comment, in words: of a feature's kind and value, a few words for who moderates."""

import unicodedata

from django.utils.translation import gettext, gettext_lazy, ngettext

from comments.spam.features import LINK

TRICKS = {
    "tags": gettext_lazy("tags within words"),
    "unseen": gettext_lazy("characters that nobody sees within words"),
    "marks": gettext_lazy("heaps of marks over letters"),
    "spaced": gettext_lazy("letters with spaces between them"),
    "letters": gettext_lazy("letters of another alphabet that look the same"),
    "signs": gettext_lazy("digits or signs in the place of letters"),
}
# What filled `context` (see features.Told) says of other comments.
CONTEXTS = {
    "like:spam": gettext_lazy("much like a comment that was spam"),
    "like:good": gettext_lazy("much like a comment that was good"),
    "like:many": gettext_lazy("much like other comments"),
    "network:spam": gettext_lazy("from a network that sent spam"),
    "network:good": gettext_lazy("from a network that sent good comments"),
}
# By the first letter of a category of Unicode.
ENDS = {
    "P": gettext_lazy("it ends with a punctuation mark"),
    "L": gettext_lazy("it ends with a letter"),
    "N": gettext_lazy("it ends with a digit"),
    "S": gettext_lazy("it ends with a symbol"),
}
QUOTED = {
    "word": gettext_lazy("the word “%s”"),
    "pair": gettext_lazy("the words “%s”"),
    "piece": gettext_lazy("words with “%s” in them"),
    "link": gettext_lazy("a link to %s"),
    "link part": gettext_lazy("“%s” in a link"),
    "script": gettext_lazy("letters of the %s script"),
    "ending": gettext_lazy("a link that ends in .%s"),
    "name": gettext_lazy("“%s” in the name"),
    "mail": gettext_lazy("an e-mail address at %s"),
    "site": gettext_lazy("the website %s"),
    "site part": gettext_lazy("“%s” in the website’s address"),
}


def reason(kind: str, value: str) -> str:
    """A feature in words; of a kind or value that is not known here, both as they are."""
    try:
        if (kind, value) == ("word", LINK):
            return gettext("a link among the words")
        if kind in QUOTED:
            return str(QUOTED[kind]) % _shown(value)
        if kind in FIGURES:
            return FIGURES[kind](int(value))
        if kind == "trick":
            return str(TRICKS[value])
        if kind == "context":
            return str(CONTEXTS[value])
        if kind == "sign":
            return gettext("the sign %s") % _sign(value)
        if kind == "end":
            return str(ENDS.get(value[:1], gettext("its last character")))
    except (KeyError, ValueError, TypeError):
        pass
    return f"{kind}: {value}"


def _shown(value: str) -> str:
    return value.replace(LINK, gettext("(link)")).strip()


def _sign(char: str) -> str:
    """As it is if it can be seen, else by its name."""
    if unicodedata.category(char)[0] in "PS":
        return char
    return unicodedata.name(char, f"U+{ord(char):04X}").lower()


def _count(figure: int) -> int:
    """From about how many on a figure of features.py that grows with the logarithm stands."""
    return max(0, 2**figure - 1)


def _length(figure: int) -> str:
    count = _count(figure)
    return ngettext("a text of %d character or more", "a text of %d characters or more", count) % count


def _words(figure: int) -> str:
    count = max(0, round(2 ** (figure / 1.5)) - 1)
    return ngettext("about %d word", "about %d words", count) % count


def _links(figure: int) -> str:
    if figure == 0:
        return gettext("no link")
    if figure >= 3:
        return gettext("many links")
    return ngettext("%d link", "%d links", figure) % figure


def _capitals(figure: int) -> str:
    return (gettext("few capital letters"), gettext("some capital letters"), gettext("many capital letters"))[
        min(2, figure)
    ]


def _exclamations(figure: int) -> str:
    return (gettext("no “!”"), gettext("one “!”"), gettext("two “!”"), gettext("many “!”"))[min(3, figure)]


def _questions(figure: int) -> str:
    return (gettext("no question mark"), gettext("a question mark"), gettext("several question marks"))[min(2, figure)]


def _digits(figure: int) -> str:
    return gettext("no digits") if figure == 0 else gettext("many digits") if figure > 2 else gettext("a few digits")


def _repetition(figure: int) -> str:
    return (gettext("no word again and again"), gettext("some words again"), gettext("the same words again and again"))[
        0 if figure == 0 else 1 if figure < 3 else 2
    ]


def _seconds(figure: int) -> str:
    count = _count(figure)
    if not count:
        return gettext("written in less than a second")
    return ngettext("written in about %d second", "written in about %d seconds", count) % count


def _depth(figure: int) -> str:
    return gettext("an answer to another comment") if figure == 1 else gettext("an answer deep in a thread")


FIGURES = {
    "length": _length,
    "words": _words,
    "links": _links,
    "capitals": _capitals,
    "exclamations": _exclamations,
    "questions": _questions,
    "digits": _digits,
    "repetition": _repetition,
    "seconds": _seconds,
    "depth": _depth,
}
