"""Looking around: searches, lists, products, promotions, content. Words searched for are in the personal part."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import amount, code, currency, reference, whole

PRODUCT = reference("product", "product_id", "sku", what="the product", required=True)
CATEGORY = code("category", what="the product's category")
LIST = code("list_id", what="the list")
PROMOTION = code("promotion_id", what="the promotion")


class ProductsSearched(Observed, frozen=True, kw_only=True):
    """The customer has searched."""

    name = "Products Searched"
    personal = {"query": "the words searched for"}

    results: Annotated[int, whole("results", what="how many were found")] = 0


class ProductListViewed(Observed, frozen=True, kw_only=True):
    """A list of products was shown."""

    name = "Product List Viewed"

    list_id: Annotated[str, LIST] = ""
    category: Annotated[str, CATEGORY] = ""


class ProductListFiltered(Observed, frozen=True, kw_only=True):
    """A list of products was narrowed down."""

    name = "Product List Filtered"

    list_id: Annotated[str, LIST] = ""
    category: Annotated[str, CATEGORY] = ""


class ProductClicked(Observed, frozen=True, kw_only=True):
    """A product was chosen in a list."""

    name = "Product Clicked"

    product: Annotated[int, PRODUCT]
    price: Annotated[int, amount("price", what="price shown")] = 0
    currency: Annotated[str, currency()] = ""
    category: Annotated[str, CATEGORY] = ""


class PromotionViewed(Observed, frozen=True, kw_only=True):
    """A promotion was shown."""

    name = "Promotion Viewed"

    promotion: Annotated[str, PROMOTION] = ""


class PromotionClicked(Observed, frozen=True, kw_only=True):
    """A promotion was followed."""

    name = "Promotion Clicked"

    promotion: Annotated[str, PROMOTION] = ""


class ContentViewed(Observed, frozen=True, kw_only=True):
    """Something to read or watch was shown: a guide, an article, a film."""

    name = "Content Viewed"
    personal = {"title": "its title"}

    content: Annotated[str, code("content_id", what="the piece, as the shop names it", required=True)]
    subject: Annotated[str, code("subject", "topic", what="what it is about")] = ""


class ProductAddedToWishlist(Observed, frozen=True, kw_only=True):
    """A product was put on a wish list."""

    name = "Product Added to Wishlist"

    product: Annotated[int, PRODUCT]
    category: Annotated[str, CATEGORY] = ""


class ProductRemovedFromWishlist(Observed, frozen=True, kw_only=True):
    """A product was taken off a wish list."""

    name = "Product Removed from Wishlist"

    product: Annotated[int, PRODUCT]


class CouponEntered(Observed, frozen=True, kw_only=True):
    """A code for a discount was entered."""

    name = "Coupon Entered"

    order: Annotated[int, reference("order", "order_id", what="the order")] = 0
    cart: Annotated[int, reference("cart", "cart_id", what="the cart")] = 0
    coupon: Annotated[str, code("coupon_id", "coupon", what="the discount")] = ""


class CouponApplied(Observed, frozen=True, kw_only=True):
    """A discount was given for a code."""

    name = "Coupon Applied"

    order: Annotated[int, reference("order", "order_id", what="the order")] = 0
    cart: Annotated[int, reference("cart", "cart_id", what="the cart")] = 0
    coupon: Annotated[str, code("coupon_id", "coupon", what="the discount")] = ""
    discount: Annotated[int, amount("discount", what="taken off")] = 0
    currency: Annotated[str, currency()] = ""


class CouponDenied(Observed, frozen=True, kw_only=True):
    """A code for a discount was not accepted."""

    name = "Coupon Denied"

    order: Annotated[int, reference("order", "order_id", what="the order")] = 0
    cart: Annotated[int, reference("cart", "cart_id", what="the cart")] = 0
    coupon: Annotated[str, code("coupon_id", "coupon", what="the discount")] = ""
    why: Annotated[str, code("reason", what="a code for why")] = ""


class CheckoutStepViewed(Observed, frozen=True, kw_only=True):
    """A step of the checkout was shown."""

    name = "Checkout Step Viewed"

    cart: Annotated[int, reference("cart", "cart_id", "checkout_id", what="the cart")] = 0
    step: Annotated[int, whole("step", what="which step, from 1", most=100)] = 0


class CheckoutStepCompleted(Observed, frozen=True, kw_only=True):
    """A step of the checkout is done."""

    name = "Checkout Step Completed"

    cart: Annotated[int, reference("cart", "cart_id", "checkout_id", what="the cart")] = 0
    step: Annotated[int, whole("step", what="which step, from 1", most=100)] = 0
