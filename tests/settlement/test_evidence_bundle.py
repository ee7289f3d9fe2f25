"""One archive per voucher: everything in it, every hash right, for the auditor alone."""

import hashlib
import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from platform_site.accounts.models import Organisation
from platform_site.audit.models import Entry, Seal
from platform_site.audit.queries import archive_damages
from platform_site.audit.rules.merkle import Step, root_of_proof
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from platform_site.kit.archive import MANIFEST, MANIFEST_HASH, MANIFEST_SIGNATURE, stream_archive
from platform_site.messages.models import Message
from platform_site.outbox.domain import deliver_all
from settlement.models import EvidenceBundle, RedemptionFile
from tests.audit.test_seal import tamper
from tests.settlement.test_invoice_corpus import attach, blue, findings, row
from tests.settlement.test_pages import as_
from tests.settlement.world import Case, draft
from tests.vouchers.world import official


def signed(digest: str) -> str:
    return f"signed {digest}"


def test_the_manifest_names_every_part_with_its_hash_and_size():
    parts = [("a.json", b"{}"), ("documents/合同.pdf", b"x" * 200_000)]
    whole = b"".join(stream_archive(iter(parts), {"voucher": "SQ1"}, signed))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        assert [(one["name"], one["size"]) for one in manifest["parts"]] == [
            (name, len(content)) for name, content in parts
        ]
        assert archive.namelist() == ["a.json", "documents/合同.pdf", MANIFEST, MANIFEST_HASH, MANIFEST_SIGNATURE]
        digest = hashlib.sha256(archive.read(MANIFEST)).hexdigest()
        assert archive.read(MANIFEST_SIGNATURE).decode() == signed(digest) + "\n"
        assert archive.testzip() is None


def test_a_name_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match=r"a\.json"):
        list(stream_archive([("a.json", b""), ("a.json", b"")], {}, signed))


def test_the_archive_is_sent_part_by_part():
    made: list[str] = []

    def parts():
        for number in range(3):
            made.append(str(number))
            yield f"{number}", b"x"

    pieces = stream_archive(parts(), {}, signed)
    next(pieces)
    assert made == ["0"]


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    """Officials come without a second factor here; it has its own tests."""
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


def auditor() -> Actor:
    return official(Organisation.objects.get(kind="province"), "auditor")


@pytest.fixture
def handed_in(case: Case) -> Case:
    draft(case, papers=("payment", "acceptance"))
    truth = blue(case)
    attach(case, truth)
    findings(case, row(truth, case))
    return case


def asked(case: Case, client: Client) -> str:
    """The page of the bundle asked for."""
    answer = client.post(reverse("auditor:evidence", args=[case.voucher.number]))
    assert answer.status_code == 302
    return str(answer["Location"])


def downloaded(case: Case, client: Client) -> bytes:
    page = asked(case, client)
    deliver_all(at=clock.now())
    answer = client.get(f"{page}file/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def bundle(case: Case, client: Client) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(downloaded(case, client)))


def test_the_auditor_gets_everything_and_every_hash_is_right(handed_in: Case):
    archive = bundle(handed_in, as_(auditor()))
    manifest = archive.read(MANIFEST)
    parts = json.loads(manifest)["parts"]
    assert archive.read(MANIFEST_HASH).split()[0].decode() == hashlib.sha256(manifest).hexdigest()
    for part in parts:
        content = archive.read(part["name"])
        assert (len(content), hashlib.sha256(content).hexdigest()) == (part["size"], part["sha256"])
    assert {part["name"] for part in parts} == set(archive.namelist()) - {
        MANIFEST, MANIFEST_HASH, MANIFEST_SIGNATURE,
    }  # fmt: skip
    documents = {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if "documents/" in name}
    papers = RedemptionFile.objects.filter(redemption=handed_in.redemption).select_related("file")
    assert {paper.file.sha256 for paper in papers} <= documents
    assert json.loads(archive.read("invoices.json"))[0]["readout"]["number"]


def test_each_entry_of_the_record_comes_with_its_proof(handed_in: Case):
    archive = bundle(handed_in, as_(auditor()))
    entries, proofs = json.loads(archive.read("audit.json")), json.loads(archive.read("seal_proofs.json"))
    assert {str(entry["id"]) for entry in entries} == proofs.keys()
    for proof in proofs.values():
        assert root_of_proof(proof["digest"], [Step(*step) for step in proof["steps"]]) == proof["root"]
    assert Entry.objects.filter(event="voucher.evidence_taken").count() == 1


@pytest.mark.parametrize("who", ["enterprise", "supplier", "reviewer", "nobody"])
def test_strangers_get_nothing(handed_in: Case, who: str):
    address = reverse("auditor:evidence", args=[handed_in.voucher.number])
    people = {
        "enterprise": handed_in.actor,
        "reviewer": handed_in.city["reviewer"],
        "supplier": handed_in.world.supplier_actor,
    }
    client = Client() if who == "nobody" else as_(people[who])
    assert client.post(address).status_code in (302, 403)
    assert client.get(address).status_code in (302, 403)


def test_an_unknown_voucher_is_404(handed_in: Case):
    client = as_(auditor())
    assert client.post(reverse("auditor:evidence", args=["SQ0000-000000"])).status_code == 404


def test_the_page_can_be_left_and_returned_to(handed_in: Case):
    by = auditor()
    client = as_(by)
    page = asked(handed_in, client)
    assert "正在排队" in client.get(page).content.decode()
    assert client.get(f"{page}progress/").headers.get("HX-Refresh") is None
    assert client.get(f"{page}file/").status_code == 404
    assert asked(handed_in, client) == page  # in work already: no second one
    deliver_all(at=clock.now())
    assert client.get(f"{page}progress/")["HX-Refresh"] == "true"
    assert "已打包好" in client.get(page).content.decode()
    assert Message.objects.filter(user_id=by.user_id, link=page).count() == 1
    newer = asked(handed_in, client)
    assert newer != page
    assert newer in client.get(reverse("portals:voucher", args=[handed_in.voucher.number])).content.decode()


def test_what_breaks_the_packing_off_is_told_and_it_can_be_asked_for_again(handed_in: Case, settings, tmp_path):
    client = as_(auditor())
    deliver_all(at=clock.now())
    kept, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path
    page = asked(handed_in, client)
    deliver_all(at=clock.now())
    assert "打包中途停下" in client.get(page).content.decode()
    assert client.get(f"{page}file/").status_code == 404
    settings.MEDIA_ROOT = kept
    again = asked(handed_in, client)
    deliver_all(at=clock.now())
    assert client.get(f"{again}file/").status_code == 200
    assert EvidenceBundle.objects.filter(file=None).count() == 1


def changed(content: bytes, name: str, into: bytes | None) -> bytes:
    """The archive with one part changed, or without it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
            elif into is not None:
                new.writestr(each, into)
    return out.getvalue()


def test_a_bundle_can_be_checked_and_what_was_changed_is_named(handed_in: Case, tmp_path):
    content, file = downloaded(handed_in, as_(auditor())), tmp_path / "evidence.zip"
    file.write_bytes(content)
    assert archive_damages(file) == []
    call_command("verify_evidence", file)
    cases = {
        ("voucher.json", b"[]"): [("changed", "voucher.json")],
        ("ledger.json", None): [("missing", "ledger.json")],
        (MANIFEST_SIGNATURE, b"0" * 64): [("signature", MANIFEST)],
    }
    for (name, into), named in cases.items():
        file.write_bytes(changed(content, name, into))
        assert [(one.kind, one.where) for one in archive_damages(file)] == named
        with pytest.raises(CommandError, match="1 处不符"):
            call_command("verify_evidence", file)
    manifest = json.dumps({"parts": []}).encode()
    file.write_bytes(changed(content, MANIFEST, manifest))
    assert {one.kind for one in archive_damages(file)} == {"changed", "signature", "added"}
    file.write_bytes(b"no archive")
    with pytest.raises(CommandError, match="no evidence bundle"):
        call_command("verify_evidence", file)


def test_a_proof_that_does_not_lead_to_the_seal_is_named(handed_in: Case, tmp_path):
    file = tmp_path / "evidence.zip"
    file.write_bytes(downloaded(handed_in, as_(auditor())))
    tamper(f"UPDATE {Seal._meta.db_table} SET root = repeat('0', 64)")
    assert {one.kind for one in archive_damages(file)} == {"chain"}
