"""The only place that uses Pillow: an upload is decoded, bounded and written anew, so nothing else of it survives."""

from blog.images.icon import icon
from blog.images.reading import ImageRefused
from blog.images.sizes import renditions
from blog.images.upload import process
from blog.images.writing import Processed

__all__ = ["ImageRefused", "Processed", "icon", "process", "renditions"]
