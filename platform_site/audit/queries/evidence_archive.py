"""Is an archive that was handed out still as it was handed out."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.crypto import constant_time_compare

from platform_site.audit.models import Seal
from platform_site.audit.queries.verify import Damage, manifest_signature
from platform_site.audit.rules.merkle import Step, root_of_proof
from platform_site.kit.archive import MANIFEST, MANIFEST_HASH, MANIFEST_SIGNATURE

PROOFS = "seal_proofs.json"
_OUTSIDE = {MANIFEST, MANIFEST_HASH, MANIFEST_SIGNATURE}


def archive_damages(file: Path) -> list[Damage]:
    """Signature, manifest, every part, and the proofs against the seals kept here. [] when all is right.

    Raises ValueError for a file that is no such archive.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return list(_damages(archive))
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"{file.name} is no evidence bundle: {error}") from error


def _damages(archive: zipfile.ZipFile) -> Iterator[Damage]:
    manifest = archive.read(MANIFEST)
    digest = hashlib.sha256(manifest).hexdigest()
    if archive.read(MANIFEST_HASH).decode().split()[:1] != [digest]:
        yield Damage("changed", MANIFEST, "与所附指纹不符")
    if not constant_time_compare(archive.read(MANIFEST_SIGNATURE).decode().strip(), manifest_signature(digest)):
        yield Damage("signature", MANIFEST, "签名不符")
    told = {part["name"]: part for part in json.loads(manifest)["parts"]}
    names = set(archive.namelist()) - _OUTSIDE
    for name in sorted(told.keys() - names):
        yield Damage("missing", name, "清单上有，文件里没有")
    for name in sorted(names - told.keys()):
        yield Damage("added", name, "不在清单上")
    for name in sorted(names & told.keys()):
        yield from _part_damages(name, archive.read(name), told[name])
    if PROOFS in names:
        yield from _proof_damages(json.loads(archive.read(PROOFS)))


def _part_damages(name: str, content: bytes, told: dict[str, Any]) -> Iterator[Damage]:
    if (len(content), hashlib.sha256(content).hexdigest()) != (told["size"], told["sha256"]):
        yield Damage("changed", name, "内容与清单不符")


def _proof_damages(proofs: dict[str, Any]) -> Iterator[Damage]:
    numbers = {proof["seal"] for proof in proofs.values()}
    roots = dict(Seal.objects.filter(number__in=numbers).values_list("number", "root"))
    for key, proof in proofs.items():
        reached = root_of_proof(proof["digest"], [Step(*step) for step in proof["steps"]])
        if not reached == proof["root"] == roots.get(proof["seal"]):
            yield Damage("chain", f"{PROOFS} #{key}", f"到不了第 {proof['seal']} 号封存的根")
