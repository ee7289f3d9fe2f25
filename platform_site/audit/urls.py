"""Routes of the audit, mounted for those who may read records."""

from platform_site.audit.pages.trail import audit
from platform_site.kit.routes import route

city = [
    route(
        "audit/",
        audit,
        name="audit",
        roles=("bureau_admin", "city_approver", "city_reviewer"),
        scope="own organisation",
    )
]
province = [
    route("audit/", audit, name="audit", roles=("province_officer", "province_approver", "bureau_admin"), scope="all")
]
auditor = [route("audit/", audit, name="audit", roles=("auditor",), scope="all")]
