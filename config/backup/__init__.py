"""A whole site in one file, and back, on SQLite or PostgreSQL (docs/operating.md, “Backup and restore”).

The file is a tar through gzip, and sealed where a passphrase is given (sealing.py). Its members, in this order:

    manifest.json               what it is: format, versions, migrations, of each table its columns and number of rows
    secret_key                  where the site keeps it in DATA_DIR
    tables/<table>/000001.jsonl rows, one JSON array a line, in the forms of values.py
    media/…, theme/…            the files of these folders
    SHA256SUMS                  of all members before it, as `sha256sum -c` reads it

Taking one: taking.py; restoring: restoring.py, which reads all of it before it changes anything.
"""

FORMAT = 1


class BackupFault(Exception):
    """Why a backup cannot be made or restored, in one line for whoever asked."""
