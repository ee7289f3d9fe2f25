"""`manage.py replay_queue`: who would be served, in which order, and what those who wait lack."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vouchers.rules.queue_story import Answer, BadLineError, QueueStory


class Command(BaseCommand):
    help = (
        "Plays events of a queue (JSON lines: grant, arrive, release) by the strict rule and answers one JSON line an "
        "arrival, in the order of arrival. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", required=True, help="the events, one JSON object a line; - reads them from stdin")

    def handle(self, *args: Any, **options: Any) -> None:
        story = QueueStory()
        try:
            with _opened(options["file"]) as lines:
                story.play(lines)
        except (BadLineError, UnicodeDecodeError) as error:
            raise CommandError(_explained(error)) from error
        except OSError as error:
            raise CommandError(f"cannot read {options['file']}: {error.strerror}") from error
        for answer in story.answers():
            self.stdout.write(_line(answer))


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    source: str | int = sys.stdin.fileno() if name == "-" else name
    with open(source, encoding="utf-8-sig", closefd=name != "-") as lines:
        yield lines


def _explained(error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"the file is not UTF-8 text (byte {error.start}): {error.reason}. Save it as UTF-8"
    return str(error)


def _line(answer: Answer) -> str:
    return json.dumps({"id": answer.id, "state": answer.state, "order": answer.order, "lacks": answer.lacks})
