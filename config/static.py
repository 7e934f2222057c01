from functools import lru_cache

from django.http import FileResponse, HttpRequest
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config.headers import NOTHING_BUT_STYLES


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Every page names some files, whose addresses stay what they are while the process runs."""

    url = lru_cache(maxsize=1_000)(CompressedManifestStaticFilesStorage.url)


class StaticMiddleware(WhiteNoiseMiddleware):
    """Static files are public; those that a browser may open as pages run nothing."""

    @staticmethod
    def serve(static_file, request: HttpRequest) -> FileResponse:
        response = WhiteNoiseMiddleware.serve(static_file, request)
        response["Content-Security-Policy"] = NOTHING_BUT_STYLES
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
