"""What the filter knows before anybody has taught it: seed.bin, made by make_seed.py, which says of what."""

import logging
from functools import lru_cache
from pathlib import Path

from comments.spam.model import Model

logger = logging.getLogger(__name__)
PATH = Path(__file__).with_name("seed.bin")


@lru_cache(maxsize=1)
def load() -> Model | None:
    """The seed, read once a process: not to be changed. None where it cannot be read; then the filter begins empty."""
    try:
        return Model.load(PATH.read_bytes())
    except (OSError, ValueError) as error:
        logger.warning("The spam filter begins without its seed: %s", error)
        return None
