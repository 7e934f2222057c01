"""/metrics: figures for Prometheus, for who may see them.

What requests do is counted where they are answered (counters.py): each process of gunicorn keeps its numbers in files
of its own, which whichever process is asked adds up (folder.py). What the database and the disk know is looked up when
it is asked for (figures.py), so that nothing more is written for a reader.
"""
