"""What `omtanke doctor` looks at around the store: settings, policy, keys, disk, ports, hosts, certificates, back-ups."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import disk_usage
from typing import Any
from urllib.parse import urlsplit

from omtanke.engine.finding import PlaybookFaults
from omtanke.engine.policy import PolicyFaults, read_policy
from omtanke.playbook import playbook_of, without_text_message
from omtanke.processes.finding import Finding, Folder, look, wrong
from omtanke.processes.watched import PORTS
from omtanke.runtime.disk import MEGABYTE
from omtanke.runtime.hooks import SIGNED, read_hooks
from omtanke.settings import LOOPBACK, Settings, SettingsFaults, read_settings
from omtanke.storage.backup_list import read_backups
from omtanke.storage.keys import KEY_LENGTH
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import DAY, SECOND, datetime_of

PATIENCE_SECONDS = 2.0
OPTIMISED = "--enable-optimizations"
SECRET_BITS = 0o077
SECRETS = ("keys", "outbox.db")
OLD_BACKUP, SOON = 8 * DAY, 21 * DAY


def settings(folder: Folder) -> Iterator[Finding]:
    """`omtanke.toml` holds, and the secrets that it needs are there."""
    try:
        read = read_settings(folder.path / "omtanke.toml")
    except SettingsFaults as faults:
        for fault in faults.faults:
            yield wrong(
                "settings", fault, "every setting has to hold; with a fault no process starts", "mend the line in omtanke.toml (docs/reference/settings.md)"
            )
        return
    needed = (
        (read.mail.user, "mail.secret", "mail.user"),
        (read.oidc.issuer, "oidc.secret", "oidc.issuer"),
        (read.customer_mail.user, "customer_mail.secret", "customer_mail.user"),
        (read.customer_mail.dkim_selector, "dkim.key", "customer_mail.dkim_selector"),
        (read.customer_sms.provider, "customer_sms.secret", "customer_sms.provider"),
    )
    for is_used, name, why in needed:
        if is_used and not (folder.path / "keys" / name).exists():
            yield wrong("settings", f"keys/{name} is not there", f"{why} needs it", way_to(name))
    if playbook_of(folder.path) and not read.customer_mail:
        rule = "the playbook speaks to customers, and each message fails as not_set_up"
        if read.customer_sms:
            rule = "who has an e-mail address is written to there first, and that fails as not_set_up"
        yield look("settings", "no server takes mail to customers", rule, "name one as [customer_mail] in omtanke.toml (docs/how-to/send-messages.md)")
    if read.customer_sms:
        yield from text_messages(folder, read)


def text_messages(folder: Folder, read: Settings) -> Iterator[Finding]:
    """We hear what did not arrive, and who wants no more."""
    provider = read.customer_sms.provider
    rule = "without it nobody hears what did not arrive, nor who has answered STOP"
    try:
        hooks = [one for one in read_hooks(folder.path / "keys") if one.kind == provider]
    except CannotDo as cannot:
        yield wrong("settings", str(cannot), "a hook that cannot be read is no hook", "mend the line in keys/hooks.toml")
        return
    if not hooks:
        way_out = f"omtanke hook add {provider}{' --secret FILE' if provider in SIGNED else ''} (docs/how-to/webhooks-in.md)"
        yield look("settings", f"there is no hook for {provider}", rule, way_out)
    if not read.door_address:
        yield look("settings", "door_address is not said", rule, f"say in omtanke.toml how {provider} reaches the door")
    playbook = playbook_of(folder.path)
    with suppress(PlaybookFaults):  # what is wrong with a playbook is said where it is checked
        for name in without_text_message(playbook) if playbook else ():
            rule = "a play says it as a text message too, and that fails as not_made"
            yield look(
                "settings", f"{name} has no text message", rule, f"write playbook/messages/{name}/sms.sv.txt and sms.en.txt, or leave sms out of the play"
            )


def way_to(secret: str) -> str:
    """How a file of `keys/` comes there."""
    if secret == "dkim.key":
        return "make one: openssl genrsa -out keys/dkim.key 2048 (docs/how-to/send-messages.md)"
    return f"write the secret as the only line of keys/{secret}"


def is_plain_python() -> bool:
    """Whether the Python that runs this was built without profile-guided optimisation. A system's own may not say how it was built; all of them have it."""
    return sys.base_prefix != "/usr" and OPTIMISED not in str(sysconfig.get_config_var("CONFIG_ARGS"))


def python(folder: Folder) -> Iterator[Finding]:
    """It was built to be fast."""
    if is_plain_python():
        way_out = "make the environment anew with the system's Python, or build it with --enable-optimizations (pyenv: PYTHON_CONFIGURE_OPTS)"
        yield look("python", f"{sys.base_prefix} was built without optimisations", "everything takes half as long again with it", way_out)


def policy(folder: Folder) -> Iterator[Finding]:
    """The policy as written can be followed."""
    parts = [folder.path / "policy" / name for name in ("policy.toml", "units.toml")]
    text = "\n".join(part.read_text(encoding="utf-8") for part in parts if part.exists())
    if not parts[0].exists():
        return
    try:
        read_policy(text, 1)
    except PolicyFaults as faults:
        yield wrong(
            "policy", str(faults), "a policy with a fault is not followed; the one before is", "mend policy/policy.toml (docs/how-to/change-the-policy.md)"
        )


def keys(folder: Folder) -> Iterator[Finding]:
    """The store's key is there, and nobody else may read what is secret."""
    path = folder.path / "keys" / "store.key"
    length = path.stat().st_size if path.exists() else 0
    if length < KEY_LENGTH and not (length == 0 and not (folder.path / "log.db").exists()):
        way_out = "put it back from a back-up; a new one would find nobody by e-mail, telephone or order number"
        yield wrong("keys", f"keys/store.key has {length} bytes", f"it has {KEY_LENGTH}, and all that is found by a number rests on it", way_out)
    if folder.path.stat().st_mode & SECRET_BITS:
        rule = "names, addresses and what customers have written are in it"
        yield look("keys", f"the folder may be opened by others ({folder.path.stat().st_mode & 0o777:03o})", rule, f"chmod 700 {folder.path}")
    for file in sorted(of_secrets(folder.path)):
        mode = file.stat().st_mode
        if mode & SECRET_BITS:
            name = file.relative_to(folder.path)
            yield wrong("keys", f"{name} may be read by others ({mode & 0o777:03o})", "secrets are for the owner of the folder only", f"chmod go-rwx {file}")
        if file.stat().st_uid != os.getuid() and os.getuid():
            yield wrong(
                "keys",
                f"{file.relative_to(folder.path)} belongs to another user",
                "the processes run as the owner of the folder",
                "chown it, or run as its owner",
            )


def of_secrets(data: Path) -> Iterator[Path]:
    """The files that hold secrets, and the folders that they lie in."""
    for name in SECRETS:
        path = data / name
        if path.exists():
            yield path
            yield from (file for file in path.rglob("*") if file.is_file())


def disk(folder: Folder) -> Iterator[Finding]:
    """There is room to take something in."""
    usage, kept = disk_usage(folder.path), folder.settings.keep_free_mb
    free = f"{usage.free // MEGABYTE:,} MB of {usage.total // MEGABYTE:,} are free"
    way_out = "delete old back-ups (`omtanke backup --prune`), keep history no longer than needed, or give the folder a larger disk"
    if usage.free < kept * MEGABYTE:
        yield wrong("disk", free, f"with less than {kept} MB (keep_free_mb) the door answers 503", way_out)
    elif usage.free < usage.total / 20 and usage.free < 10 * kept * MEGABYTE:
        yield look("disk", free, "less than a twentieth is left", way_out)


def ports(folder: Folder) -> Iterator[Finding]:
    """What answers at our ports is ours, and well."""
    for role, port in (("web", folder.settings.pages_port), ("door", folder.settings.door_port), *watched(folder.settings)):
        said = asked(folder.settings.host, port)
        if said is None:
            continue
        if said.get("role") != role:
            other = f"port {port} belongs to {said.get('role') or 'something that is not ours'}"
            yield wrong("ports", other, f"{role} listens there ({role_setting(role)})", "end what has it, or choose another port in omtanke.toml")
        elif said.get("status") != "ok":
            for reason in said.get("wrong") or ["it does not say why"]:
                yield wrong("ports", f"{role} is not well: {reason}", "each process can do its work", "see what is said of it here, and its log")


def watched(read: Settings) -> list[tuple[str, int]]:
    return [(role, port) for role, name in PORTS.items() if (port := getattr(read, name))]


def role_setting(role: str) -> str:
    return {"web": "pages_port"}.get(role, f"{role}_port")


def asked(host: str, port: int) -> dict[str, Any] | None:
    """What `/healthz` at a port says; None when nobody listens there, empty when it is nothing of ours."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/healthz")
        said = json.loads(connection.getresponse().read())
        return said if isinstance(said, dict) else {}
    except ConnectionRefusedError:
        return None
    except TimeoutError:
        return {"role": "a process that does not answer"}
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    finally:
        connection.close()


def hosts(folder: Folder) -> Iterator[Finding]:
    """The pages can be reached by the address that links in letters begin with, and nobody on the way reads along."""
    read = folder.settings
    address = urlsplit(read.pages_address)
    if address.hostname and address.hostname not in (*LOOPBACK, read.host, *read.pages_hosts):
        rule = "the pages answer only to names that they know"
        yield wrong("hosts", f"pages_address names {address.hostname}", rule, f'add it in omtanke.toml: pages_hosts = ["{address.hostname}"]')
    if read.host not in LOOPBACK and address.scheme != "https":
        rule = "passwords and names go over this connection"
        yield look(
            "hosts",
            f"the pages listen on {read.host} without TLS",
            rule,
            "put a proxy with a certificate in front, listen on 127.0.0.1, and set pages_address to its https address",
        )
    if address.hostname and address.scheme == "https":
        yield from certificate(address.hostname, address.port or 443, folder.now)


def certificate(host: str, port: int, now: int, trust: ssl.SSLContext | None = None) -> Iterator[Finding]:
    """The certificate at our address is valid, and for a while yet. `trust`: whom we trust, by default those whom the machine does."""
    trust = trust or ssl.create_default_context()
    try:
        with socket.create_connection((host, port), PATIENCE_SECONDS) as raw, trust.wrap_socket(raw, server_hostname=host) as secure:
            ends_at = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"])) * SECOND
    except ssl.SSLCertVerificationError as error:
        yield wrong("certificate", f"{host}: {error.verify_message}", "browsers refuse a certificate that does not verify", "renew it at the proxy in front")
        return
    except OSError as error:
        yield look(
            "certificate",
            f"{host}:{port} cannot be reached from here ({error})",
            "pages_address leads to the pages",
            "see whether it does from where staff are",
        )
        return
    if ends_at - now < SOON:
        yield wrong(
            "certificate", f"{host}: ends {datetime_of(ends_at):%Y-%m-%d}", "a certificate is renewed three weeks before it ends", "see why it was not renewed"
        )


def backups(folder: Folder) -> Iterator[Finding]:
    """There is a recent back-up, and it lies where it was put."""
    if (folder.path / "demo.txt").exists():
        return
    found = read_backups(folder.path)
    way_out = "omtanke backup --to FOLDER, once a day (docs/how-to/back-up-and-restore.md)"
    if not found:
        yield look("back-up", "this folder has never been backed up", "what is lost with the disk is lost", way_out)
        return
    newest = max(found, key=lambda one: one.made_at)
    if folder.now - newest.made_at > OLD_BACKUP:
        yield wrong("back-up", f"the newest is of {datetime_of(newest.made_at):%Y-%m-%d}", "one a week at least", way_out)
    with suppress(OSError):
        if not Path(newest.folder).exists():
            yield look("back-up", f"{newest.folder} cannot be seen from here", "the newest back-up lies where it was put", "see whether its disk is connected")
