"""The sandbox: the same checks as a real batch, signed by a machine or pasted by a person; nothing is counted."""

from collections import Counter
from datetime import datetime
from typing import Any

from monitoring.domain.authenticate import SignedRequest, authenticate_source
from monitoring.domain.ingest import border_of
from monitoring.enums import RejectCode
from monitoring.models import Source
from monitoring.permissions import check_user_can_manage_source
from monitoring.policies import source_findings
from monitoring.rules.payload import count
from monitoring.rules.trial import Trial, tried
from monitoring.rules.wire import Sorted, rejection_summary, sort_out, unpacked, words_of
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Refusal, refuse_if
from platform_site.kit.locks import Rank, lock_one

Step = dict[str, Any]
GZIP = b"\x1f\x8b"


@command
def test_source(*, request: SignedRequest, by: Actor, at: datetime) -> list[Step]:
    """Steps with `name`, `ok` (None: not carried out) and `note`; the last result is kept on the source for its page.

    Raises Refusal when the call is not signed: then it cannot be told whose test it is.
    """
    key = authenticate_source(request, at)
    source = lock_one(Rank.LEDGER, Source.objects.select_related("voucher"), pk=key.source_id)
    refuse_if(source_findings(source))
    skew = abs(at.timestamp() - int(request.timestamp))
    steps = [_step("签名与时间", True, f"时差 {skew:.1f} 秒，允许 300 秒"), _step("随机数没有重复", True)]
    steps += _body_steps(request, source, at)
    source.test_result, source.tested_at = steps, at
    source.save(update_fields=["test_result", "tested_at"])
    return steps


@command
def try_batch(*, source: Source, content: bytes, by: Actor, at: datetime) -> Trial:
    """A batch pasted or uploaded on the page, answered line by line; gzip is recognised. Its steps are kept on the
    source like those of a signed test; of its content nothing is."""
    source = lock_one(Rank.LEDGER, Source.objects.select_related("voucher", "supplier"), pk=source.pk)
    check_user_can_manage_source(by, source)
    refuse_if(source_findings(source))
    plain = unpacked(content, gzipped=content.startswith(GZIP))
    trial = tried(plain, border_of(source, at))
    whole = [_step("正文可以读", False, f"{f.reason}{f.remedy}") for f in trial.findings]
    steps = whole or [_step("正文可以读", True, f"{trial.batch.records if trial.batch else 0} 条记录")]
    steps += _record_steps(trial.batch) if trial.batch else _not_reached()
    source.test_result, source.tested_at = [_step("签名与时间", None, "在页面上试，没有签名"), *steps], at
    source.save(update_fields=["test_result", "tested_at"])
    return trial


def _body_steps(request: SignedRequest, source: Source, at: datetime) -> list[Step]:
    try:
        batch = sort_out(unpacked(request.body, gzipped=request.gzipped), border_of(source, at))
    except Refusal as refusal:
        return [_step("正文可以读", False, f"{f.reason}{f.remedy}") for f in refusal.findings] + _not_reached()
    return [_step("正文可以读", True, f"{batch.records} 条记录"), *_record_steps(batch)]


def _record_steps(batch: Sorted) -> list[Step]:
    unknown = [row["subject"] for row in rejection_summary(batch) if row["code"] == RejectCode.DEVICE_UNKNOWN]
    others = Counter(code for _, code, _ in batch.rejected if code != RejectCode.DEVICE_UNKNOWN)
    dropped = "、".join(batch.dropped)
    steps = [
        _step("字段都在允许范围", True, f"丢弃 {len(batch.dropped)} 个：{dropped}" if dropped else ""),
        _step("设备编号已登记", not unknown, f"{'、'.join(unknown[:5])} 未登记，先在“设备”里添加" if unknown else ""),
        _step("时间和其他内容合规", not others, "；".join(f"{words_of(c)[0]} {n} 条" for c, n in others.items())),
    ]
    if unknown or others:
        return [*steps, *_not_reached()]
    return [*steps, _step("折算成设备日", True, f"{len(count(batch.rows))} 个，测试不计入")]


def _not_reached() -> list[Step]:
    return [_step("折算成设备日（未执行）", None)]


def _step(name: str, ok: bool | None, note: str = "") -> Step:
    return {"name": name, "ok": ok, "note": note}
