"""The calculator by product: an approved product says item and class, the rest is typed."""

import pytest
from django.test import Client
from django.urls import reverse

from platform_site.kit import clock
from suppliers import domain as suppliers
from suppliers.models import Supplier
from tests.vouchers.world import SETUP, World, make_world

CASE = {"edition": "2020", "city": "440600", "contract_amount": "250000", "devices": "200"}


@pytest.fixture
def offered(db: None) -> World:
    return make_world(items=(5, 12))


def test_a_product_fills_item_and_class(offered: World, client: Client) -> None:
    """S19/4.4.2"""
    product = offered.products[5]
    page = client.get(reverse("public:calculator"), CASE | {"product": product.pk})
    text = page.content.decode()
    assert (product.name in text, "item" in page.context["form"].fields) == (True, False)
    assert str(page.context["assessment"].amount) == "100000.00"
    by_item = client.get(reverse("public:calculator"), CASE | {"item": "5", "product_class": "A"})
    assert by_item.context["assessment"] == page.context["assessment"]


def test_the_list_is_searched_and_what_was_typed_stays(offered: World, client: Client) -> None:
    one, other = offered.products[5], offered.products[12]
    case = CASE | {"contract_amount": "100000"}
    page = client.get(reverse("public:calculator_products"), case | {"q": other.name})
    assert [row["product"].pk for row in page.context["rows"]] == [other.pk]
    back = client.get(page.context["rows"][0]["url"])
    assert str(back.context["assessment"].amount) == "70000.00"
    assert {row["product"].pk for row in client.get(reverse("public:calculator_products")).context["rows"]} == {
        one.pk, other.pk,
    }  # fmt: skip


def test_what_is_typed_after_the_page_was_opened_stays_too(offered: World, client: Client) -> None:
    """The answer to each change brings the way to the list along, with what is typed by then."""
    answer = client.get(reverse("public:calculator"), CASE, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert 'id="calculator-product" hx-swap-oob="true"' in text
    assert "/calculator/products/?edition=2020&amp;city=440600&amp;contract_amount=250000&amp;devices=200" in text


def test_what_is_not_on_the_list_cannot_be_chosen(offered: World, client: Client) -> None:
    """A supplier's that was dropped, or a number that is none."""
    product = offered.products[5]
    supplier = Supplier.objects.get(pk=product.supplier_id)
    suppliers.impose_on_supplier(supplier=supplier, outcome="suspend", ground="核查", by=SETUP, at=clock.now())
    for key in (product.pk, "abc", 999_999):
        page = client.get(reverse("public:calculator"), CASE | {"product": key})
        assert (page.status_code, page.context["product"], page.context["product_gone"]) == (200, None, True)
