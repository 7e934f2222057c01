import secrets
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from config.doctor.finding import Finding, ok, problem


def look() -> Iterator[Finding]:
    """Puts a small file where uploads go, reads it, and takes it away."""
    content = secrets.token_bytes(1_000)
    step, name = "written", ""
    try:
        name = default_storage.save(f"doctor-{secrets.token_hex(8)}", ContentFile(content))
        step = "read"
        with default_storage.open(name) as file:
            is_same = file.read() == content
        step = "deleted"
        default_storage.delete(name)
    except OSError as error:
        words = f"An upload could not be {step}: {error.strerror or error}."
        yield problem(
            words, f"Let the site's user write to {default_storage.location}, and see that the disk has room."
        )
        return
    if is_same:
        yield ok(f"Uploads are written, read and deleted in {default_storage.location}.")
    else:
        yield problem("An upload came back with other content.", "Look after the disk or the network share.")
