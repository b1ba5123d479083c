"""The pages of the demo's shop as text: words in both languages, and the HTML around them."""

from __future__ import annotations

import html
from collections.abc import Mapping

from omtanke.processes.demo_post import Mail
from omtanke.simulate.goods import RANGE, Product
from omtanke.simulate.people import TOWNS
from omtanke.simulate.shop import Left, Visitor

Words = Mapping[str, str]
WORDS = {
    "en": {
        "shop": "Björk & Berg",
        "goods": "To the shop",
        "range": "What we have",
        "add": "Put in cart",
        "size": "Size",
        "to_cart": "Your cart",
        "mail": "Mail to our customers",
        "lead": "What Omtanke has sent since the demo was started, the latest first. Nobody here is real, and nothing leaves this machine.",
        "none": "Nothing yet. An order is confirmed within seconds; a cart that was left in the evening is remembered the next morning at eight.",
        "cart": "{name}, this is in your cart",
        "nobodys_cart": "This is in your cart",
        "way": "How it comes",
        "way_": "As you choose",
        "way_home": "To the door",
        "way_slot": "To the door, in the evening",
        "way_locker": "To a parcel locker",
        "way_point": "To a pickup point",
        "order": "Order",
        "ordered": "Thank you, {name}!",
        "soon": "The confirmation comes by mail.",
        "gone": "This cart has been taken up, or is empty",
        "all": "All mail",
        "currency": "{price} kr",
        "sign_in": "Sign in",
        "sign_in_to_order": "Sign in to order",
        "sign_out": "Sign out",
        "signed_in": "Signed in as {name}, customer {number}",
        "who": "Who are you?",
        "lead_who": "Sign in as one of our customers, by the address in a mail of theirs, or join. No password: the shop is only here to show.",
        "known": "I have been here before",
        "new": "I am new here",
        "join": "Join",
        "email": "E-mail",
        "first_name": "First name",
        "last_name": "Last name",
        "city": "Town",
        "yes": "Yes, do write to me",
        "unknown": "Nobody here has that address. Join instead.",
    },
    "sv": {
        "shop": "Björk & Berg",
        "goods": "Till butiken",
        "range": "Det här har vi",
        "add": "Lägg i varukorgen",
        "size": "Storlek",
        "to_cart": "Din varukorg",
        "mail": "Mejl till våra kunder",
        "lead": "Det som Omtanke har skickat sedan demon startades, det senaste först. Ingen här finns på riktigt, och inget lämnar den här datorn.",
        "none": "Inget än. En beställning bekräftas inom några sekunder; en varukorg som blev kvar på kvällen får sin påminnelse nästa morgon klockan åtta.",
        "cart": "{name}, det här ligger i din varukorg",
        "nobodys_cart": "Det här ligger i din varukorg",
        "way": "Så kommer det",
        "way_": "Som ni väljer",
        "way_home": "Hem till dörren",
        "way_slot": "Hem till dörren, på kvällen",
        "way_locker": "Till ett paketskåp",
        "way_point": "Till ett ombud",
        "order": "Beställ",
        "ordered": "Tack, {name}!",
        "soon": "Bekräftelsen kommer med mejl.",
        "gone": "Varukorgen är redan hämtad, eller tom",
        "all": "Alla mejl",
        "currency": "{price} kr",
        "sign_in": "Logga in",
        "sign_in_to_order": "Logga in för att beställa",
        "sign_out": "Logga ut",
        "signed_in": "Inloggad som {name}, kund {number}",
        "who": "Vem är du?",
        "lead_who": "Logga in som någon av våra kunder, med adressen i ett av deras mejl, eller bli kund. Inget lösenord: butiken finns bara för att visa.",
        "known": "Jag har varit här förut",
        "new": "Jag är ny här",
        "join": "Bli kund",
        "email": "E-post",
        "first_name": "Förnamn",
        "last_name": "Efternamn",
        "city": "Ort",
        "yes": "Ja, skriv gärna till mig",
        "unknown": "Ingen här har den adressen. Bli kund i stället.",
    },
}
WAYS = ("", "home", "slot", "locker", "point")
PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
:root {{ color-scheme: light dark; --paper: #f7f5f0; --card: #fffdf9; --ink: #22262a; --quiet: #667078; --line: #e4dfd5; --pine: #1f5c4d }}
@media (prefers-color-scheme: dark) {{ :root {{ --paper: #15181a; --card: #1d2124; --ink: #e8e6e1; --quiet: #98a2a8; --line: #2e3438; --pine: #7cc4ad }} }}
* {{ box-sizing: border-box }} body {{ margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, "Noto Sans", sans-serif }}
main {{ max-width: 46rem; margin: 0 auto; padding: 1.5rem; display: grid; gap: 1.5rem }} h1 {{ font: 500 1.8rem/1.2 Georgia, serif; margin: 0 }}
h2 {{ font: 600 1rem/1.5 system-ui, sans-serif; margin: 0 }} p {{ margin: 0 }}
.quiet {{ color: var(--quiet) }} ul {{ list-style: none; margin: 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem }}
li {{ padding: .75rem 1rem; border-top: 1px solid var(--line); overflow-wrap: anywhere }} li:first-child {{ border-top: 0 }} a {{ color: inherit }}
li a {{ display: block; text-decoration: none }} li a b {{ text-decoration: underline; text-underline-offset: .2em; text-decoration-color: var(--line) }}
nav, .row {{ display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center }} .row > :first-child {{ flex: 1 1 12rem }}
form.card {{ display: grid; gap: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem }}
label {{ display: grid; gap: .25rem }} label.tick {{ display: flex; gap: .6rem; align-items: center }}
input, select {{ font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: .4rem; padding: .5rem .6rem;
  min-height: 2.75rem; max-width: 100% }} input[type=checkbox] {{ min-height: 0; width: 1.25rem; height: 1.25rem; accent-color: var(--pine) }}
button {{ font: 600 1rem system-ui, sans-serif; background: var(--pine); cursor: pointer; justify-self: start;
  color: var(--paper); border: 0; border-radius: .6rem; padding: .7rem 1.4rem; min-height: 2.75rem }}
button.plain {{ background: none; color: inherit; border: 1px solid var(--quiet); font-weight: 400 }}
:focus-visible {{ outline: 2px solid #2d5f8b; outline-offset: 2px }}
</style><main><p class="quiet">{shop}</p><h1>{title}</h1>{body}</main></html>"""


def shown(language: str, title: str, body: str) -> str:
    return PAGE.format(language=language, title=html.escape(title), shop=html.escape(WORDS[language]["shop"]), body=body)


def inbox(mails: list[Mail], words: Words) -> str:
    rows = [
        f'<li><a href="/mail/{one.number}"><b>{html.escape(one.subject)}</b><br><span class="quiet">{html.escape(one.recipient)}</span></a></li>'
        for one in mails
    ]
    listed = f"<ul>{''.join(rows)}</ul>" if rows else f"<p>{html.escape(words['none'])}</p>"
    return f'<p class="quiet">{html.escape(words["lead"])}</p><p><a href="/shop">{words["goods"]}</a></p>{listed}'


def who_is_here(visitor: Visitor, words: Words) -> str:
    """Who is signed in, the way to the cart, and the way in or out."""
    cart = f'<a href="/cart/{html.escape(visitor.cart_id)}">{words["to_cart"]}</a>' if visitor.cart_id else ""
    if not visitor.name:
        return f'<nav><a href="/sign-in">{words["sign_in"]}</a>{cart}</nav>'
    named = html.escape(words["signed_in"].format(name=visitor.name, number=visitor.user_id))
    out = f'<form method="post" action="/sign-out"><button class="plain">{words["sign_out"]}</button></form>'
    return f'<nav><span class="quiet">{named}</span>{cart}{out}</nav>'


def shelves(category: str, visitor: Visitor, words: Words) -> str:
    """The goods of one category, and the way to the others."""
    others = "".join(f'<a href="/shop/{one}">{one.capitalize()}</a>' for one in RANGE if one != category)
    goods = "".join(on_shelf(one, words) for one in RANGE[category])
    return f"{who_is_here(visitor, words)}<nav>{others}</nav><ul>{goods}</ul>"


def on_shelf(product: Product, words: Words) -> str:
    """A product, what it costs, and a button."""
    named = html.escape(f"{product.name}, {words['currency'].format(price=product.price)}")
    sizes = "".join(f"<option>{one}</option>" for one in product.sizes)
    label = html.escape(f"{words['size']}, {product.name}")
    chosen = f'<select name="size" aria-label="{label}">{sizes}</select>' if len(product.sizes) > 1 else ""
    return f'<li><form class="row" method="post" action="/shop/{product.product_id}"><span>{named}</span>{chosen}<button>{words["add"]}</button></form></li>'


def cart(left: Left, number: str, words: Words) -> str:
    rows = [f"<li>{line_of(one, words)}</li>" for one in left.lines]
    if not left.name:
        return f'<ul>{"".join(rows)}</ul><p><a href="/sign-in">{words["sign_in_to_order"]}</a></p>'
    ways = "".join(f'<option value="{one}">{words[f"way_{one}"]}</option>' for one in WAYS)
    choice = f'<label>{words["way"]} <select name="way">{ways}</select></label>'
    return f'<ul>{"".join(rows)}</ul><form class="card" method="post" action="/cart/{html.escape(number)}">{choice}<button>{words["order"]}</button></form>'


def line_of(line: Mapping[str, object], words: Words) -> str:
    """A line of a cart: how many, what, which, and what one costs."""
    named = ", ".join(str(line[name]) for name in ("name", "variant") if line.get(name))
    return html.escape(f"{line['quantity']} × {named}, {words['currency'].format(price=line['price'])}")


def sign_in(words: Words, is_unknown: bool) -> str:
    """By an address that is known, or with a name and a town."""
    said = f'<p role="alert">{words["unknown"]}</p>' if is_unknown else ""
    email = f'<label>{words["email"]} <input type="email" name="email" required autocomplete="email"></label>'
    names = "".join(f'<label>{words[name]} <input name="{name}" required maxlength="60"></label>' for name in ("first_name", "last_name"))
    towns = f'<label>{words["city"]} <select name="city">{"".join(f"<option>{town[0]}</option>" for town in TOWNS)}</select></label>'
    yes = f'<label class="tick"><input type="checkbox" name="yes"> {words["yes"]}</label>'
    known = f'<form class="card" method="post" action="/sign-in"><h2>{words["known"]}</h2>{email}<button>{words["sign_in"]}</button></form>'
    new = f'<form class="card" method="post" action="/sign-in"><h2>{words["new"]}</h2>{names}{email}{towns}{yes}<button>{words["join"]}</button></form>'
    return f'<p class="quiet">{words["lead_who"]}</p>{said}{known}{new}'
