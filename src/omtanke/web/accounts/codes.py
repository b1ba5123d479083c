"""The second step of signing in: codes from a phone (TOTP, RFC 6238), and codes for the day the phone is lost.

The secret is shared by a picture once. It lies sealed in `staff.db`, under `keys/codes.key`, so that neither a copy of
the database nor the key alone makes codes. `cryptography` takes ten megabytes, and is loaded for the first who has a code.
"""

from __future__ import annotations

import base64
import hmac
import io
import secrets
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from omtanke.web.accounts.models import Factor, RecoveryCode, Staff
from omtanke.web.own_secret import own_secret

if TYPE_CHECKING:
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
# A phone's clock may be a step away, and typing takes a while.
DRIFT = (0, -1, 1)
RECOVERY_CODES = 10
RECOVERY_HALF = 5
# Without letters and figures that look alike.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
ISSUER = "Omtanke"


def _key() -> bytes:
    """In the form that Fernet takes: 32 bytes in letters."""
    return own_secret(Path(settings.OMTANKE_DATA) / "keys" / "codes.key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()).encode()


def _sealing() -> Fernet:
    from cryptography.fernet import Fernet

    return Fernet(_key())


def seal(secret: bytes) -> bytes:
    return _sealing().encrypt(secret)


def unseal(sealed: bytes) -> bytes | None:
    """The secret; None when it was sealed under another key."""
    from cryptography.fernet import InvalidToken

    try:
        return _sealing().decrypt(sealed)
    except InvalidToken:
        return None


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, moment: float) -> str:
    """The code that a phone shows at a moment, in Unix seconds."""
    return _totp(secret).generate(int(moment)).decode()


def step_of(secret: bytes, code: str, moment: float) -> int:
    """The step of time whose code this is, around a moment in Unix seconds; 0 when it is none."""
    now = int(moment) // STEP_SECONDS
    return next((now + away for away in DRIFT if hmac.compare_digest(code_at(secret, (now + away) * STEP_SECONDS).encode(), code.encode())), 0)


def _totp(secret: bytes) -> TOTP:
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)


def in_letters(secret: bytes) -> str:
    """The secret as one types it into a phone, in groups of four."""
    letters = base64.b32encode(secret).decode()
    return " ".join(letters[n : n + 4] for n in range(0, len(letters), 4))


def picture(secret: bytes, email: str) -> bytes:
    """What a phone reads the secret from: a QR code as SVG, black on white in any colour scheme."""
    file = io.BytesIO()
    segno.make(_totp(secret).get_provisioning_uri(email, ISSUER), error="m").save(file, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
    return file.getvalue()


def has_code(staff: Staff) -> bool:
    """Whether signing in takes a second step."""
    return Factor.objects.filter(staff=staff).exists()


def turn_on(staff: Staff, secret: bytes, code: str) -> list[str]:
    """From now on signing in takes a code. The recovery codes, shown this once; none when the code is not the phone's."""
    step = step_of(secret, clean(code), time.time())
    if not step:
        return []
    with transaction.atomic():
        Factor.objects.update_or_create(staff=staff, defaults={"sealed": seal(secret), "last_step": step})
        return new_recovery_codes(staff)


def turn_off(staff: Staff) -> bool:
    """Signing in takes no second step any more. Whether it did."""
    with transaction.atomic():
        RecoveryCode.objects.filter(staff=staff).delete()
        return bool(Factor.objects.filter(staff=staff).delete()[0])


def new_recovery_codes(staff: Staff) -> list[str]:
    """Ten codes in place of all earlier ones; only their keyed digests are kept."""
    codes = ["-".join("".join(secrets.choice(SIGNS) for _ in range(RECOVERY_HALF)) for _half in range(2)) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(staff=staff).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(staff=staff, digest=_digest(code)) for code in codes)
    return codes


def recovery_codes_left(staff: Staff) -> int:
    return RecoveryCode.objects.filter(staff=staff, used_at=None).count()


def take(staff: Staff, text: str) -> str:
    """What the text was: `code`, `recovery`, or empty when it lets nobody in. Either works once."""
    code = clean(text)
    if code.isdecimal() and len(code) == DIGITS:
        return "code" if _take_code(staff, code) else ""
    found = RecoveryCode.objects.filter(staff=staff, digest=_digest(code), used_at=None)
    return "recovery" if code and found.update(used_at=timezone.now()) == 1 else ""


def _take_code(staff: Staff, code: str) -> bool:
    factor = Factor.objects.filter(staff=staff).first()
    secret = unseal(bytes(factor.sealed)) if factor else None
    step = step_of(secret, code, time.time()) if secret else 0
    return bool(step) and Factor.objects.filter(staff=staff, last_step__lt=step).update(last_step=step) == 1


def clean(text: str) -> str:
    """Without the spaces and hyphens that people type or leave out."""
    return "".join(sign for sign in text.lower() if sign.isalnum() and sign.isascii())[:32]


def _digest(code: str) -> str:
    return hmac.new(_key(), b"recovery:" + clean(code).encode(), sha256).hexdigest()
