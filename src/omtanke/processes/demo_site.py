"""The site of the demo's shop, on this machine: the mail that its customers get, as they get it, and the carts that wait for them."""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Callable, Mapping

from omtanke.processes.demo_post import Mail, PostOffice
from omtanke.simulate.shop import Left

HEADERS = (
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; form-action 'self'; frame-ancestors 'none'"),
)
WORDS = {
    "en": {
        "shop": "Björk & Berg",
        "mail": "Mail to our customers",
        "lead": "What Omtanke has sent since the demo was started, the latest first. Nobody here is real, and nothing leaves this machine.",
        "none": "Nothing yet. An order is confirmed within seconds; a cart that was left in the evening is remembered the next morning at eight.",
        "cart": "{name}, this is in your cart",
        "order": "Order",
        "ordered": "Thank you, {name}!",
        "soon": "The confirmation comes by mail.",
        "gone": "This cart has been taken up, or is empty",
        "all": "All mail",
        "currency": "{price} kr",
    },
    "sv": {
        "shop": "Björk & Berg",
        "mail": "Mejl till våra kunder",
        "lead": "Det som Omtanke har skickat sedan demon startades, det senaste först. Ingen här finns på riktigt, och inget lämnar den här datorn.",
        "none": "Inget än. En beställning bekräftas inom några sekunder; en varukorg som blev kvar på kvällen får sin påminnelse nästa morgon klockan åtta.",
        "cart": "{name}, det här ligger i din varukorg",
        "order": "Beställ",
        "ordered": "Tack, {name}!",
        "soon": "Bekräftelsen kommer med mejl.",
        "gone": "Varukorgen är redan hämtad, eller tom",
        "all": "Alla mejl",
        "currency": "{price} kr",
    },
}
PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
:root {{ color-scheme: light dark; --paper: #f7f5f0; --card: #fffdf9; --ink: #22262a; --quiet: #667078; --line: #e4dfd5; --pine: #1f5c4d }}
@media (prefers-color-scheme: dark) {{ :root {{ --paper: #15181a; --card: #1d2124; --ink: #e8e6e1; --quiet: #98a2a8; --line: #2e3438; --pine: #7cc4ad }} }}
* {{ box-sizing: border-box }} body {{ margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, "Noto Sans", sans-serif }}
main {{ max-width: 46rem; margin: 0 auto; padding: 1.5rem; display: grid; gap: 1.5rem }} h1 {{ font: 500 1.8rem/1.2 Georgia, serif; margin: 0 }}
p {{ margin: 0 }}
.quiet {{ color: var(--quiet) }} ul {{ list-style: none; margin: 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem }}
li {{ padding: .75rem 1rem; border-top: 1px solid var(--line); overflow-wrap: anywhere }} li:first-child {{ border-top: 0 }} a {{ color: inherit }}
li a {{ display: block; text-decoration: none }} li a b {{ text-decoration: underline; text-underline-offset: .2em; text-decoration-color: var(--line) }}
button {{ font: 600 1rem system-ui, sans-serif; background: var(--pine);
  color: var(--paper); border: 0; border-radius: .6rem; padding: .7rem 1.4rem; min-height: 2.75rem }}
:focus-visible {{ outline: 2px solid #2d5f8b; outline-offset: 2px }}
</style><main><p class="quiet">{shop}</p><h1>{title}</h1>{body}</main></html>"""


class Site:
    """The pages. `cart`: gives a cart that waits, by its number. At what carts somebody has pressed order waits until it is taken."""

    def __init__(self, office: PostOffice | None, cart: Callable[[str], Left | None] = lambda number: None) -> None:
        self._office = office
        self.cart = cart
        self._orders: deque[str] = deque()

    def take_orders(self) -> list[str]:
        """The carts that have been ordered since the last call."""
        return [self._orders.popleft() for _ in range(len(self._orders))]

    def page(self, path: str, language: str) -> tuple[int, str]:
        """The page at a path: status and HTML."""
        words = WORDS[language]
        kind, _, name = path.strip("/").partition("/")
        mails = self._office.mails() if self._office is not None else []
        if not kind:
            return 200, shown(language, words["mail"], inbox(mails, words))
        if kind == "mail" and (mail := next((one for one in mails if str(one.number) == name), None)):
            return 200, mail.html
        if kind == "cart" and (left := self.cart(name)):
            return 200, shown(language, words["cart"].format(name=left.name), cart(left, name, words))
        return 404, shown(language, words["gone"], f'<p><a href="/">{words["all"]}</a></p>')

    def press(self, path: str, language: str) -> tuple[int, str]:
        """Order, at a cart."""
        kind, _, name = path.strip("/").partition("/")
        left = self.cart(name) if kind == "cart" else None
        if left is None:
            return self.page("/cart/", language)
        self._orders.append(name)
        words = WORDS[language]
        return 200, shown(language, words["ordered"].format(name=left.name), f'<p>{words["soon"]}</p><p><a href="/">{words["all"]}</a></p>')


def language_of(accepted: str) -> str:
    """Swedish or English, whichever a browser names first; English for any other."""
    named = [one.strip()[:2].lower() for one in accepted.split(",")]
    return next((one for one in named if one in WORDS), "en")


def shown(language: str, title: str, body: str) -> str:
    return PAGE.format(language=language, title=html.escape(title), shop=html.escape(WORDS[language]["shop"]), body=body)


def inbox(mails: list[Mail], words: Mapping[str, str]) -> str:
    rows = [
        f'<li><a href="/mail/{one.number}"><b>{html.escape(one.subject)}</b><br><span class="quiet">{html.escape(one.recipient)}</span></a></li>'
        for one in mails
    ]
    listed = f"<ul>{''.join(rows)}</ul>" if rows else f"<p>{html.escape(words['none'])}</p>"
    return f'<p class="quiet">{html.escape(words["lead"])}</p>{listed}'


def cart(left: Left, number: str, words: Mapping[str, str]) -> str:
    rows = [f"<li>{line_of(one, words)}</li>" for one in left.lines]
    form = f'<form method="post" action="/cart/{html.escape(number)}"><button>{words["order"]}</button></form>'
    return f"<ul>{''.join(rows)}</ul>{form}"


def line_of(line: Mapping[str, object], words: Mapping[str, str]) -> str:
    """A line of a cart: how many, what, which, and what one costs."""
    named = ", ".join(str(line[name]) for name in ("name", "variant") if line.get(name))
    return html.escape(f"{line['quantity']} × {named}, {words['currency'].format(price=line['price'])}")
