"""Numbers of rows, as addresses and forms bring them."""

LARGEST = 2**63 - 1  # that a column of ids holds


def number(text: str | None) -> int:
    """The id that this text says; 0, which no row has, if it says none or one that no column could hold."""
    if not text or len(text) > len(str(LARGEST)) or not (text.isascii() and text.isdigit()):
        return 0
    return int(text) if int(text) <= LARGEST else 0
