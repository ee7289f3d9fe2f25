"""Check the whole chain against the tables, and name whatever differs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils.crypto import constant_time_compare, salted_hmac

from platform_site.audit.models import Seal, SealMember
from platform_site.audit.queries.seals import PIECE, digests_of, in_pieces, models_by_table, unsealed
from platform_site.audit.rules.merkle import BEGINNING, chained, merkle_root

LATE = 100_000  # keys that may still come from transactions that were open when later keys were sealed


@dataclass(frozen=True, slots=True)
class Damage:
    """kind: changed, missing, added, members, chain, signature, exported. where: table and key, or the seal."""

    kind: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}：{self.text}"


@dataclass(slots=True)
class Report:
    """waiting: rows that no seal covers yet, which is no damage."""

    seals: int = 0
    rows: int = 0
    waiting: int = 0
    damages: list[Damage] = field(default_factory=list)


def verify_chain(exported: Mapping[str, Any] | None = None) -> Report:
    """Every seal, every member, every row; `exported`: heads kept elsewhere (number → head), which must be here too."""
    report, before, expected = Report(), BEGINNING, 1
    for seal in Seal.objects.order_by("number").iterator(500):
        report.seals += 1
        report.damages += _chain_damages(seal, before, expected)
        before, expected = seal.head, seal.number + 1
        report.damages += _member_damages(seal, report)
    for table, model in models_by_table().items():
        top = SealMember.objects.filter(table=table).aggregate(top=Max("row_id"))["top"] or 0
        late = list(unsealed(model).filter(pk__lt=top - LATE).values_list("pk", flat=True)[:100])
        report.damages += [Damage("added", f"{table} #{pk}", "封存之后补进来的行") for pk in late]
        report.waiting += unsealed(model).count() - len(late)
    report.damages += _exported_damages(exported or {})
    return report


def signature_of(head: str) -> str:
    return salted_hmac("audit.seal", head, algorithm="sha256").hexdigest()


def manifest_signature(digest: str) -> str:
    """Of an archive that was handed out, under the key of the seals."""
    return salted_hmac("audit.manifest", digest, algorithm="sha256").hexdigest()


def _chain_damages(seal: Seal, before: str, expected: int) -> Iterator[Damage]:
    where = f"封存 {seal.number}"
    if seal.number != expected:
        yield Damage("chain", where, f"前面缺少第 {expected} 至 {seal.number - 1} 号封存")
    elif seal.previous != before:
        yield Damage("chain", where, "与上一封存接不上")
    if chained(seal.number, seal.previous, seal.root, seal.count) != seal.head:
        yield Damage("chain", where, "链头与内容不符")
    if not constant_time_compare(signature_of(seal.head), seal.signature):
        yield Damage("signature", where, "签名不符")


def _member_damages(seal: Seal, report: Report) -> Iterator[Damage]:
    """Members first: they must give the root; then the rows: each must give its member's digest."""
    members = list(seal.members.order_by("position").values_list("position", "table", "row_id", "digest"))
    report.rows += len(members)
    digests = [digest for *_, digest in members]
    in_order = [position for position, *_ in members] == list(range(seal.count))
    if not in_order or not digests or merkle_root(digests) != seal.root:
        yield Damage("members", f"封存 {seal.number}", f"登记了 {seal.count} 行，现有 {len(members)} 行，根对不上")
    known = models_by_table()
    for table in sorted({table for _, table, *_ in members}):
        rows = {pk: digest for _, name, pk, digest in members if name == table}
        if table not in known:
            yield Damage("missing", table, "整张表不在了")
            continue
        yield from _row_damages(known[table], rows, seal)


def _row_damages(model: Any, rows: dict[int, str], seal: Seal) -> Iterator[Damage]:
    table, columns = model._meta.db_table, seal.columns[model._meta.db_table]
    seen = set()
    for piece in in_pieces(iter(sorted(rows)), PIECE):
        for pk, digest in digests_of(model, piece, columns):
            seen.add(pk)
            if digest != rows[pk]:
                yield Damage("changed", f"{table} #{pk}", f"内容与第 {seal.number} 号封存时不同")
    for pk in sorted(rows.keys() - seen):
        yield Damage("missing", f"{table} #{pk}", f"第 {seal.number} 号封存的行不在了")


def _exported_damages(exported: Mapping[str, Any]) -> Iterator[Damage]:
    """What was kept on another host finds even a chain that was made anew as a whole."""
    heads = dict(Seal.objects.filter(number__in=[int(number) for number in exported]).values_list("number", "head"))
    for number, head in exported.items():
        here = heads.get(int(number))
        if here != head:
            said = "不在链上" if here is None else "与别处保存的不同"
            yield Damage("exported", f"封存 {number}", said)
