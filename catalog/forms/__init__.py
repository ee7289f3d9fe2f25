"""Input shapes of the catalog: the calculator, drafts of editions, catalog versions and periods."""

from catalog.forms.calculator import CalculatorForm, ChosenProduct
from catalog.forms.edition import Block, DraftEditionForm, EditionWordsForm, ParameterForm
from catalog.forms.item import AmountsForm, DraftCatalogForm, ItemForm, NewItemForm, PublishForm, ReasonForm
from catalog.forms.parameter_fields import Offer
from catalog.forms.period import PeriodForm

__all__ = [
    "AmountsForm",
    "Block",
    "CalculatorForm",
    "ChosenProduct",
    "DraftCatalogForm",
    "DraftEditionForm",
    "EditionWordsForm",
    "ItemForm",
    "NewItemForm",
    "Offer",
    "ParameterForm",
    "PeriodForm",
    "PublishForm",
    "ReasonForm",
]
