"""`@command`: one transaction and one operation id for everything a domain command does, nested commands included."""

import functools
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")
_operation: ContextVar[uuid.UUID | None] = ContextVar("operation", default=None)


def current_operation() -> uuid.UUID:
    """Id of the running command. Raises RuntimeError outside of one: audited changes belong to a command."""
    operation = _operation.get()
    if operation is None:
        raise RuntimeError("no command is running; decorate the domain function with @command")
    return operation


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Run in a transaction under an operation id; a nested command joins both."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        token = _operation.set(_operation.get() or uuid.uuid4())
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        finally:
            _operation.reset(token)

    return run
