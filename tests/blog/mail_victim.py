"""A worker that is killed while it sends a mail: `python -m tests.blog.mail_victim`.

For each line on its input, "STEP MINUTES", it starts the product's own worker in a process of its own, whose clock is
that many minutes ahead, and which kills itself at that step of sending one mail: before or after a statement or a
commit of the database, a command to the mail server or an answer of it. A line on its output says which step that
was; "survived" if there is no such step.
"""

import os
import signal
import smtplib
import sys
from datetime import UTC, datetime, timedelta

import django
import time_machine


class Steps:
    """Counts the steps of one sending, and ends the process at one of them."""

    def __init__(self, end_at: int) -> None:
        self.end_at = end_at
        self.count = -1  # none has begun

    def at(self, name: str) -> None:
        if self.count < 0:
            return
        self.count += 1
        if self.count == self.end_at:
            say(name)
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name, call):
        """`call`, with a step before it and one after. `name` says what a call with these arguments is."""

        def stepped(*args, **kwargs):
            said = name(*args)
            self.at(f"before {said}")
            result = call(*args, **kwargs)
            self.at(f"after {said}")
            return result

        return stepped


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def command(_smtp, data) -> str:
    text = data if isinstance(data, str) else bytes(data).decode(errors="replace")
    return f"text of {text.count(chr(10))} lines" if text.count("\n") > 1 else text.split()[0].upper()


def watch(steps: Steps) -> None:
    from django.db import connection

    from blog.mail import sending

    real_send, real_take, taken = sending.send_due, sending._take, []

    def send_due():
        connection.ensure_connection()
        connection.execute_wrappers.append(
            lambda execute, sql, params, many, context: steps.around(lambda *args: f"SQL: {sql[:46]}…", execute)(
                sql, params, many, context
            )
        )
        connection._commit = steps.around(lambda: "SQL: COMMIT", connection._commit)
        steps.count = 0
        real_send()
        leave()

    def take(now):
        taken.append(now)
        return real_take(now) if len(taken) == 1 else leave()

    def leave():
        say("survived")
        os._exit(0)

    sending.send_due, sending._take = send_due, take
    smtplib.SMTP._get_socket = steps.around(lambda *args: "SMTP: connecting", smtplib.SMTP._get_socket)
    smtplib.SMTP.send = steps.around(lambda *args: f"SMTP: {command(*args)}", smtplib.SMTP.send)
    smtplib.SMTP.getreply = steps.around(lambda *args: "SMTP: an answer", smtplib.SMTP.getreply)


def work(step: int, minutes: int) -> None:
    from django.core.management import call_command

    watch(Steps(step))
    if minutes:
        time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes)).start()
    call_command("worker")


def main() -> None:
    django.setup()
    # So that each process begins with all of it.
    import blog.tasks  # noqa: F401
    import config.management.commands.worker
    import config.urls  # noqa: F401

    say("ready")
    for line in sys.stdin:
        step, minutes = map(int, line.split())
        if pid := os.fork():
            os.waitpid(pid, 0)
            say("gone")
        else:
            work(step, minutes)


if __name__ == "__main__":
    main()
