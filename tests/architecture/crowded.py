"""A platform on which every list has rows: one more of everything with each round, all by the real commands."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from catalog import domain as catalog
from monitoring.domain import DeviceRow, fold, judge_adoption, set_up_operator, simulate_season
from platform_site.accounts import domain as accounts
from platform_site.accounts.queries import bureau_of, province_bureau
from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.messages.domain import notify
from platform_site.notices.domain import announce, file_objection
from platform_site.outbox.domain import deliver_all
from settlement import domain as settlement
from suppliers import domain as suppliers
from suppliers.rules.profile import SupplierProfile
from tests.accounts.people import company_number
from tests.settlement import world as claims
from tests.settlement.world import Case
from tests.vouchers.world import (
    FOSHAN,
    GUANGZHOU,
    PDF,
    SETUP,
    World,
    apply,
    grant,
    issue,
    make_enterprise,
    make_product,
    make_supplier,
    make_world,
    official,
    upload,
)
from vouchers import domain as vouchers
from vouchers.models import Enterprise, Voucher
