"""Settings of what leaves the house are checked together, each with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from omtanke.settings import MailServer, Settings, SettingsFaults, read_settings

WRONG = """
pages_address = "omtanke.butiken.example"
webhook_allow = ["127.0.0.1", "erp:70000"]
risk_burst = 1
[mail]
host = "smtp.butiken.example"
port = 0
security = "ssl"
sender = "Butiken"
"""


def read(folder: Path, text: str) -> Settings:
    (folder / "omtanke.toml").write_text(text, encoding="utf-8")
    return read_settings(folder / "omtanke.toml")


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaults) as caught:
        read(tmp_path, WRONG)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        *("pages_address", "webhook_allow", "webhook_allow", "mail.security", "mail.port", "mail.sender", "risk_burst")
    ]


def test_password_is_not_sent_in_the_open(tmp_path: Path) -> None:
    server = '[mail]\nhost = "{host}"\nsecurity = "none"\nuser = "omtanke"\nsender = "omtanke@butiken.example"\n'
    with pytest.raises(SettingsFaults, match="choose starttls or tls"):
        read(tmp_path, server.format(host="smtp.butiken.example"))
    assert read(tmp_path, server.format(host="127.0.0.1"))


@pytest.mark.parametrize(("host", "is_one"), [("", False), ("smtp.butiken.example", True)])
def test_no_host_is_no_server(host: str, is_one: bool) -> None:
    assert bool(MailServer(host=host)) is is_one


FOR_CUSTOMERS = """
pages_address = "{pages}"
[customer_mail]
host = "smtp.butiken.example"
sender = "{sender}"
{more}
"""


def test_everything_wrong_with_mail_to_customers_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaults) as caught:
        read(tmp_path, FOR_CUSTOMERS.format(pages="http://omtanke.butiken.example", sender="Butiken", more='dkim_selector = "a b"\nat_once = 99'))
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        *("customer_mail.sender", "customer_mail", "customer_mail.dkim_selector", "customer_mail.at_once", "pages_address")
    ]


def test_links_to_customers_need_an_https_address(tmp_path: Path) -> None:
    said = FOR_CUSTOMERS.format(pages="", sender="hej@butiken.example", more="")
    with pytest.raises(SettingsFaults, match="links in mail to customers begin with it"):
        read(tmp_path, said)
    assert read(tmp_path, said.replace('pages_address = ""', 'pages_address = "https://omtanke.butiken.example"'))


BY_SMS = 'pages_address = "https://omtanke.butiken.example"\n{first}\n[customer_sms]\n{said}\n'
ELKS = 'provider = "46elks"\nsender = "Butiken"\nuser = "u1"\n'
TWILIO = 'provider = "twilio"\nsender = "MG00000000000000000000000000000000"\nuser = "AC00000000000000000000000000000000"\n'


@pytest.mark.parametrize("said", [ELKS, ELKS.replace("Butiken", "+46701234567"), ELKS.replace("Butiken", "Fjall 24 Sko"[:11]), TWILIO])
def test_whoever_takes_text_messages_is_named(tmp_path: Path, said: str) -> None:
    assert read(tmp_path, BY_SMS.format(first="", said=said)).customer_sms


def test_everything_wrong_with_text_messages_is_said_at_once(tmp_path: Path) -> None:
    said = 'provider = "carrier pigeon"\nsender = "Butiken i Umeå"\nuser = "a:b"\napi = "http://10.0.0.1"\nat_once = 0'
    with pytest.raises(SettingsFaults) as caught:
        read(tmp_path, BY_SMS.format(first="", said=said).replace("https://omtanke", "http://omtanke"))
    names = [fault.split(":")[0] for fault in caught.value.faults]
    assert names == ["pages_address", *(f"customer_sms.{name}" for name in ("provider", "sender", "user", "api", "at_once"))]


@pytest.mark.parametrize("sender", ["", "12345", "070-123 45 67", "Butiken i Lund", "MG00000000000000000000000000000000"])
def test_sender_that_no_telephone_can_show(tmp_path: Path, sender: str) -> None:
    with pytest.raises(SettingsFaults, match=r"customer_sms\.sender"):
        read(tmp_path, BY_SMS.format(first="", said=ELKS.replace("Butiken", sender)))


def test_account_at_twilio_is_named_by_its_sid(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaults, match="is not the SID of an account"):
        read(tmp_path, BY_SMS.format(first="", said=TWILIO.replace("AC0", "XX0")))


def test_api_in_the_own_network_is_one_that_the_shop_has_named(tmp_path: Path) -> None:
    said = ELKS + 'api = "http://127.0.0.1:9009"'
    with pytest.raises(SettingsFaults, match=r"customer_sms\.api"):
        read(tmp_path, BY_SMS.format(first="", said=said))
    assert read(tmp_path, BY_SMS.format(first='webhook_allow = ["127.0.0.1:9009"]', said=said)).customer_sms


@pytest.mark.parametrize(
    "address",
    [
        *("https://shop.example/cart/", "http://shop.example/cart/{cart}", "https://{cart}/cart", "https://shop.example{cart}"),
        *("https://shop.example/{cart}/{cart}", "https://shop.example/{shop}/{cart}", "/cart/{cart}", "javascript:alert({cart})"),
    ],
)
def test_cart_address_leads_to_the_shop_alone(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsFaults, match="cart_address"):
        read(tmp_path, f'cart_address = "{address}"\n')


@pytest.mark.parametrize("address", ["https://shop.example/cart/{cart}", "https://shop.example/?cart={cart}#go", "http://127.0.0.1:8000/{cart}"])
def test_cart_address_may_be_any_page_of_the_shop(tmp_path: Path, address: str) -> None:
    assert read(tmp_path, f'cart_address = "{address}"\n').cart_address == address
