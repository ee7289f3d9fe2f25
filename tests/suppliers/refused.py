"""Codes of a refusal, in order."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from platform_site.kit.findings import Refusal


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """The block is refused with exactly these findings, each with clause and reason, and a way on."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.codes() == list(codes)
    for finding in caught.value.findings:
        assert finding.clause
        assert finding.reason
        assert finding.remedy
