"""What is kept or logged of mails names nobody, and what stands in a header is one line."""

import re

from blog.soup import tidy_text

_ADDRESS = re.compile(r"""[^\s<>()\[\],;:"'=]+(?:@|%40)[^\s<>()\[\],;:"'=]+""")


def one_line(text: str) -> str:
    """Without line ends and other control characters: what comes after them stays words and becomes no header."""
    return " ".join(tidy_text(" ".join(str(text).split())).split())


def mask(text: str, to: str = "") -> str:
    """What a mail server said, without e-mail addresses, and without the name of `to`, which some say alone."""
    masked = _ADDRESS.sub("…@…", one_line(text))
    name = to.partition("@")[0]
    if name:
        masked = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", masked, flags=re.IGNORECASE)
    return masked
