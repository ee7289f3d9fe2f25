"""What comes in: judged by its bytes, kept under a name of our own."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from platform_site.files.domain import store_bytes
from platform_site.files.models import StoredFile
from platform_site.files.queries import content_of
from platform_site.files.rules.content import KINDS, LARGEST, content_findings
from platform_site.files.rules.package_inside import ENTRIES_LIMIT
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Refusal
from tests.accounts.people import AT
from tests.files.papers import CSV, JPG, OFD, PDF, PNG, XLSX, XML, package, scanner, send

EVERYTHING = ("pdf", "image", "ofd", "xml", "xlsx", "csv")


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def codes(name: str, content: bytes, allow: tuple[str, ...] = EVERYTHING) -> list[str]:
    return [finding.code for finding in content_findings(name=name, content=content, allow=allow)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("合同.pdf", PDF),
        ("扫描.JPG", JPG),
        ("扫描.jpeg", JPG),
        ("截图.png", PNG),
        ("发票.ofd", OFD),
        ("发票.xml", XML),
        ("名单.xlsx", XLSX),
        ("设备.csv", CSV),
        ("设备.txt", b"\xef\xbb\xbf" + CSV),
    ],
)
def test_files_that_are_what_they_say_pass(name: str, content: bytes) -> None:
    assert codes(name, content) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("合同.pdf", b"", "upload.empty"),
        ("合同.pdf", b"MZ\x90\x00" + bytes(200), "upload.kind"),
        ("合同.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "upload.kind"),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "upload.kind"),
        ("设备.csv", b"#!/bin/sh\nrm -rf /\n", "upload.kind"),
        ("设备.csv", b"a,b\0c", "upload.kind"),
        ("名单.xlsx", package("word/document.xml"), "upload.kind"),
        ("名单.xlsx", XLSX[: len(XLSX) // 2], "upload.kind"),
        ("合同.exe", PDF, "upload.disguised"),
        ("合同.pdf.html", PDF, "upload.disguised"),
        ("照片.png", JPG, "upload.disguised"),
        ("名单.xlsx", OFD, "upload.disguised"),
        ("照片.png", PNG + bytes(KINDS["png"].limit), "upload.oversized"),
        ("合同.pdf", PDF + bytes(LARGEST), "upload.oversized"),
        ("名单.xlsx", XLSX + bytes(LARGEST), "upload.oversized"),
        ("名单.xlsx", package("xl/workbook.xml", filling=bytes(5_000_000)), "upload.bomb"),
        ("名单.xlsx", package("xl/workbook.xml", *map(str, range(ENTRIES_LIMIT)), filling=b""), "upload.bomb"),
        ("合同.pdf", PDF[:-10], "upload.damaged"),
        ("合同.pdf", PDF + b"/S /JavaScript /JS (app.alert(1))", "upload.active"),
        ("合同.pdf", PDF + b"/S /J#61va#53cript /JS (app.alert(1))", "upload.active"),
        ("合同.pdf", PDF + b"/S /Launch /F (cmd.exe)", "upload.active"),
        ("合同.pdf", PDF + b"/Names <</EmbeddedFiles 9 0 R>>", "upload.active"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(name: str, content: bytes, code: str) -> None:
    assert codes(name, content) == [code]


def test_a_package_whose_directory_is_damaged_is_of_no_kind() -> None:
    for position in range(len(XLSX) - 80, len(XLSX)):
        damaged = XLSX[:position] + bytes([XLSX[position] ^ 0xFF]) + XLSX[position + 1 :]
        assert codes("名单.xlsx", damaged) in (
            ["upload.kind"], ["upload.bomb"], ["upload.damaged"], ["upload.path"], [],
        )  # fmt: skip


@pytest.mark.parametrize(("name", "content"), [("名单.xlsx", XLSX), ("发票.xml", XML), ("设备.csv", CSV)])
def test_kinds_that_are_not_asked_for_are_refused(name: str, content: bytes) -> None:
    assert codes(name, content, allow=("pdf", "image")) == ["upload.kind"]


def test_a_refusal_names_the_form_field_and_what_would_be_taken() -> None:
    found = content_findings(name="a.pdf", content=CSV, allow=("pdf", "image"), field="evidence")[0]
    assert (found.field, found.clause) == ("evidence", "D/upload")
    assert found.remedy == "请另存为 PDF、JPG、PNG 后重新上传。"


@pytest.mark.django_db
def test_a_file_is_kept_under_its_id_and_never_under_the_given_name() -> None:
    kept = send("../../../etc/顺德五金-合同.pdf", PDF)
    folder = Path(settings.MEDIA_ROOT)
    stored = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    key = kept.pk.hex
    assert (kept.name, stored) == ("顺德五金-合同.pdf", [f"{key[:2]}/{key[2:4]}/{key}"])


@pytest.mark.django_db
def test_a_file_says_who_sent_it_when_and_what_it_is() -> None:
    kept = send("合同.pdf", PDF)
    assert StoredFile.objects.filter(pk=kept.pk).values().get() == {
        "id": kept.pk,
        "name": "合同.pdf",
        "content_type": "application/pdf",
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "purpose": "contract",
        "owner_organisation_id": 3,
        "uploaded_by": 7,
        "uploaded_at": AT,
    }
    assert content_of(kept) == PDF


@pytest.mark.django_db
def test_the_content_decides_the_type_that_browsers_are_told() -> None:
    sent = [
        ("a.pdf", PDF),
        ("a.jpg", JPG),
        ("a.png", PNG),
        ("a.ofd", OFD),
        ("a.xml", XML),
        ("a.xlsx", XLSX),
        ("a.csv", CSV),
        ("a.docx", package("word/document.xml")),
    ]
    assert [send(name, content).content_type for name, content in sent] == [
        kind.content_type for kind in KINDS.values()
    ]


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing_behind() -> None:
    with pytest.raises(Refusal) as refused:
        send("合同.pdf", b"MZ\x90\x00")
    assert refused.value.codes() == ["upload.kind"]
    assert (StoredFile.objects.count(), list(Path(settings.MEDIA_ROOT).rglob("*"))) == (0, [])


@pytest.mark.django_db
def test_what_the_platform_made_belongs_to_no_organisation() -> None:
    made = store_bytes(
        name="名单.pdf", content=PDF, content_type="application/pdf", purpose="list", by=system_actor("公示"), at=AT
    )
    assert (made.owner_organisation_id, made.uploaded_by, content_of(made)) == (None, None, PDF)
    assert default_storage.exists(f"{made.pk.hex[:2]}/{made.pk.hex[2:4]}/{made.pk.hex}")


@pytest.mark.django_db
def test_a_long_name_keeps_its_end() -> None:
    assert send("很" * 300 + ".pdf", PDF).name == "很" * 196 + ".pdf"


# -- the scanner's hook ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_scanner_sees_the_whole_file_and_lets_it_pass(settings, tmp_path: Path) -> None:
    settings.CLAMD_SOCKET = str(tmp_path / "clamd")
    content = PDF + bytes(3 << 20) + b"%%EOF"
    with scanner(tmp_path / "clamd", b"stream: OK\0") as asked:
        kept = send("合同.pdf", content)
    assert (asked.received, kept.size) == (content, len(content))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", "upload.virus"),
        (b"INSTREAM size limit exceeded. ERROR\0", "upload.scanner"),
        (b"", "upload.scanner"),
    ],
)
def test_what_the_scanner_does_not_let_pass_is_not_kept(settings, tmp_path: Path, answer: bytes, code: str) -> None:
    settings.CLAMD_SOCKET = str(tmp_path / "clamd")
    with scanner(tmp_path / "clamd", answer), pytest.raises(Refusal) as refused:
        send("合同.pdf", PDF)
    assert (refused.value.codes(), StoredFile.objects.count()) == ([code], 0)


@pytest.mark.django_db
def test_a_scanner_that_does_not_answer_refuses_rather_than_letting_pass(settings, tmp_path: Path) -> None:
    settings.CLAMD_SOCKET = str(tmp_path / "nobody-listens")
    with pytest.raises(Refusal) as refused:
        send("合同.pdf", PDF)
    assert (refused.value.codes(), StoredFile.objects.count()) == (["upload.scanner"], 0)
