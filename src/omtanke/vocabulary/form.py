"""Forms: where one goes on, and where one gives up. What was typed is never sent."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import code, flag, reference, whole

FORM = code("form", "form_id", "form_name", what="the form, as the shop names it", required=True)
FIELD = code("field", "field_name", what="the field, as the shop names it", required=True)
CART = reference("cart", "cart_id", "checkout_id", what="the cart it belongs to")


class FormStarted(Observed, frozen=True, kw_only=True):
    """The first field has been touched."""

    name = "Form Started"

    form: Annotated[str, FORM]
    cart: Annotated[int, CART] = 0


class FormFieldCompleted(Observed, frozen=True, kw_only=True):
    """A field has been filled in."""

    name = "Form Field Completed"

    form: Annotated[str, FORM]
    field: Annotated[str, FIELD]
    cart: Annotated[int, CART] = 0
    milliseconds: Annotated[int, whole("milliseconds", what="how long it took, in milliseconds")] = 0
    changes: Annotated[int, whole("changes", what="how many times it was changed")] = 0
    is_required: Annotated[bool, flag("required", what="whether it has to be filled in")] = False


class FormFieldFailed(Observed, frozen=True, kw_only=True):
    """What was filled in was not accepted."""

    name = "Form Field Failed"

    form: Annotated[str, FORM]
    field: Annotated[str, FIELD]
    cart: Annotated[int, CART] = 0
    why: Annotated[str, code("reason", "error", what="a code for why")] = ""


class FormSubmitted(Observed, frozen=True, kw_only=True):
    """The form has been sent."""

    name = "Form Submitted"

    form: Annotated[str, FORM]
    cart: Annotated[int, CART] = 0
    milliseconds: Annotated[int, whole("milliseconds", what="how long the whole took, in milliseconds")] = 0


class FormAbandoned(Observed, frozen=True, kw_only=True):
    """The customer has left the form without sending it."""

    name = "Form Abandoned"

    form: Annotated[str, FORM]
    field: Annotated[str, code("field", "field_name", what="the field where it was left")] = ""
    cart: Annotated[int, CART] = 0
