class Head(list):
    """Headers that are given with many answers: pairs of names and values, as WSGI has them, that nobody changes.

    `checked` is what the server has made of them the first time (config/gthread.py), so that it need not do so again.
    """

    checked: tuple | None = None
