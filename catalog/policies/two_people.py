"""May an edition or a catalog version take its next step: another person's signature, a reason."""

from catalog.models.two_people import TwoPeopleDraft
from platform_site.kit.findings import Finding


def check_second_person(row: TwoPeopleDraft, user_id: int | None) -> list[Finding]:
    """Whoever signs has neither drafted nor handed in."""
    if user_id is not None and user_id not in (row.drafted_by, row.handed_in_by):
        return []
    return [
        Finding(
            "policy.same_person",
            "D/four_eyes",
            "起草和复核要由两个人办，这一份是您本人起草或提交的。",
            "请另一位有复核权限的同事登录复核。",
            title="不能复核自己起草的",
        )
    ]


def check_reason(reason: str) -> list[Finding]:
    if 0 < len(reason.strip()) <= 200:
        return []
    return [
        Finding(
            "policy.no_reason",
            "D/four_eyes",
            "没有写理由，或超过 200 个字。",
            "请写明理由，会留在记录里。",
            "reason",
            title="没有理由",
        )
    ]
