"""The commands of docs/operating.md, run as they stand there in an empty Debian: `make install-check`."""
