"""Templates that are rendered once with gaps, which are filled for each page: far quicker than rendering anew."""

import re

GAP = re.compile("\x02(\\w+)\x03")


def gap(name: str) -> str:
    """What to give a template in place of a value."""
    return f"\x02{name}\x03"


def with_gaps(html: str) -> str:
    """The rendered template as a string that waits for `%` and a dictionary of what fills its gaps, escaped already."""
    return GAP.sub(r"%(\1)s", html.replace("%", "%%"))
