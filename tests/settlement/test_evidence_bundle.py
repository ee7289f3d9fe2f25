"""One archive per voucher: everything in it, every hash right, for the auditor alone."""

import hashlib
import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from platform_site.accounts.models import Organisation
from platform_site.audit.models import Entry
from platform_site.audit.rules.merkle import Step, root_of_proof
from platform_site.kit.actor import Actor
from platform_site.kit.archive import MANIFEST, MANIFEST_HASH, stream_archive
from settlement.models import RedemptionFile
from tests.settlement.test_invoice_corpus import attach, blue, findings, row
from tests.settlement.test_pages import as_
from tests.settlement.world import Case, draft
from tests.vouchers.world import official


def test_the_manifest_names_every_part_with_its_hash_and_size():
    parts = [("a.json", b"{}"), ("documents/合同.pdf", b"x" * 200_000)]
    whole = b"".join(stream_archive(iter(parts), {"voucher": "SQ1"}))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        assert [(one["name"], one["size"]) for one in manifest["parts"]] == [
            (name, len(content)) for name, content in parts
        ]
        assert archive.namelist() == ["a.json", "documents/合同.pdf", MANIFEST, MANIFEST_HASH]
        assert archive.testzip() is None


def test_a_name_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match=r"a\.json"):
        list(stream_archive([("a.json", b""), ("a.json", b"")], {}))


def test_the_archive_is_sent_part_by_part():
    made: list[str] = []

    def parts():
        for number in range(3):
            made.append(str(number))
            yield f"{number}", b"x"

    pieces = stream_archive(parts(), {})
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


def bundle(case: Case, client: Client) -> zipfile.ZipFile:
    answer = client.post(reverse("auditor:evidence", args=[case.voucher.number]))
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_auditor_gets_everything_and_every_hash_is_right(handed_in: Case):
    archive = bundle(handed_in, as_(auditor()))
    manifest = archive.read(MANIFEST)
    parts = json.loads(manifest)["parts"]
    assert archive.read(MANIFEST_HASH).split()[0].decode() == hashlib.sha256(manifest).hexdigest()
    for part in parts:
        content = archive.read(part["name"])
        assert (len(content), hashlib.sha256(content).hexdigest()) == (part["size"], part["sha256"])
    assert {part["name"] for part in parts} == set(archive.namelist()) - {MANIFEST, MANIFEST_HASH}
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
