"""May this person publish, answer, withdraw?"""

from platform_site.accounts.enums import CITY, PROVINCE, Role
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, Refusal
from platform_site.notices.models import PublicNotice

PUBLISHERS = (*sorted(PROVINCE), *sorted(CITY - {Role.COUNTY_REVIEWER}))
ANSWERERS = (Role.CITY_APPROVER, Role.PROVINCE_APPROVER)


def may_publish(actor: Actor) -> bool:
    """Officials of the province and the cities; entrusted staff do not speak for a bureau (S19/8)."""
    return actor.has(*PUBLISHERS) and not actor.delegated


def check_may_publish(actor: Actor) -> None:
    if not may_publish(actor):
        raise Refusal(
            Finding(
                code="permission.publish",
                clause="S19/9",
                title="不能由您发布",
                reason="公告和公示由省、市主管部门的人员发布。",
                remedy="请由本单位审核人或审批人发布。",
            )
        )


def may_answer(actor: Actor, notice: PublicNotice) -> bool:
    own = actor.organisation_id == notice.publisher_id
    return own and actor.has(*ANSWERERS) and not actor.delegated


def check_may_answer(actor: Actor, notice: PublicNotice) -> None:
    if not may_answer(actor, notice):
        raise Refusal(
            Finding(
                code="permission.answer",
                clause="S19/6.3",
                title="不能由您答复",
                reason="异议由发布公示的单位答复，由审批人作出。",
                remedy="请由发布单位的审批人办理。",
            )
        )
