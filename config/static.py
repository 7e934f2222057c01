from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Every page names some files, whose addresses stay what they are while the process runs."""

    url = lru_cache(maxsize=1_000)(CompressedManifestStaticFilesStorage.url)
