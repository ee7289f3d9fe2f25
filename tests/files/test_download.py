"""What goes out: to its owner, to whom it was granted, and to nobody else."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from platform_site.accounts.models import Membership, Organisation
from platform_site.accounts.queries import bureau_of
from platform_site.files.domain import grant
from platform_site.files.models import StoredFile
from platform_site.files.queries import files_visible_to
from platform_site.kit.actor import ANONYMOUS
from tests.accounts.people import actor, company, member, set_up
from tests.files.papers import CSV, JPG, PDF, PNG, XML, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def owner() -> Membership:
    set_up()
    return company(1)[1]


def ask(membership: Membership | None, file: StoredFile, query: str = "") -> Any:
    client = Client()
    if membership is not None:
        client.force_login(membership.user)
    return client.get(f"/files/{file.pk}/{query}")


def test_the_owner_gets_the_file_as_an_attachment_that_nothing_guesses_at_or_keeps(owner: Membership) -> None:
    answer = ask(owner, send("合同 1.pdf", PDF, by=actor(owner)))
    names = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Cache-Control")
    assert (answer.status_code, answer.content) == (200, PDF)
    assert [answer[name] for name in names] == [
        "application/pdf",
        "attachment; filename*=UTF-8''%E5%90%88%E5%90%8C%201.pdf",
        "nosniff",
        "private, no-store",
    ]


def test_an_organisation_that_was_granted_the_file_gets_it_and_others_do_not(owner: Membership) -> None:
    file = send("合同.pdf", PDF, by=actor(owner))
    reviewer = member(bureau_of("440600"), "reviewer", "city_reviewer")
    before = ask(reviewer, file).status_code
    for _ in range(2):
        grant(file=file, organisation_ids=[reviewer.organisation_id])
    assert (before, ask(reviewer, file).status_code, ask(company(2)[1], file).status_code) == (404, 200, 404)


def test_a_visitor_signs_in_first(owner: Membership) -> None:
    file = send("合同.pdf", PDF, by=actor(owner))
    answer = ask(None, file)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next=/files/{file.pk}/")


def test_a_foreign_file_looks_like_one_that_never_was(owner: Membership) -> None:
    file, stranger = send("合同.pdf", PDF, by=actor(owner)), company(2)[1]
    client = Client()
    client.force_login(stranger.user)
    answers = [client.get(f"/files/{key}/") for key in (file.pk, "00000000-0000-4000-8000-000000000000")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "合同" not in answers[0].content.decode()


@pytest.mark.parametrize("role", ["province_officer", "province_approver", "auditor"])
def test_province_and_auditor_read_every_file(owner: Membership, role: str) -> None:
    file = send("合同.pdf", PDF, by=actor(owner))
    assert ask(member(Organisation.objects.get(kind="province"), "reader", role), file).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("a.pdf", PDF, "inline"),
        ("a.jpg", JPG, "inline"),
        ("a.png", PNG, "inline"),
        ("a.xml", XML, "attachment"),
        ("a.csv", CSV, "attachment"),
    ],
)
def test_only_pdf_and_pictures_are_shown_in_the_page(owner: Membership, name: str, content: bytes, shown: str) -> None:
    answer = ask(owner, send(name, content, by=actor(owner)), "?view=1")
    assert answer["Content-Disposition"] == f"{shown}; filename*=UTF-8''{name}"


def test_what_is_shown_in_a_page_may_stand_in_our_own_pages_only(owner: Membership) -> None:
    answer = ask(owner, send("a.pdf", PDF, by=actor(owner)), "?view=1")
    policy = {part.split()[0]: part.split()[1:] for part in answer["Content-Security-Policy"].split(";")}
    assert (answer["X-Frame-Options"], policy["frame-ancestors"]) == ("SAMEORIGIN", ["'self'"])


def test_files_are_handed_out_and_never_taken_in_at_their_address(owner: Membership) -> None:
    file = send("a.pdf", PDF, by=actor(owner))
    client = Client()
    client.force_login(owner.user)
    assert client.post(f"/files/{file.pk}/").status_code == 405


def test_somebody_without_an_organisation_sees_no_file(owner: Membership) -> None:
    send("a.pdf", PDF, by=actor(owner))
    assert list(files_visible_to(ANONYMOUS)) == []
