"""psycopg as Django asks for it, whose connections end their patience (patience.py)."""

from psycopg import *  # noqa: F403

from config.db.postgresql.patience import Connection

connect = Connection.connect
