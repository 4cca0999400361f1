"""`saan credentials P`: how a participant connects."""

from typing import Annotated, Any

import typer

from saan.cli import bringup
from saan.cli.failure import no_participant
from saan.cli.options import Dir, Json, Schemas, running, settings
from saan.cli.printing import as_json
from saan.exchange.applying import place
from saan.governance.rotate import rotate
from saan.wire.credentials import Vault


def credentials(
    participant: Annotated[str, typer.Argument(help="ผู้เข้าร่วม · The participant.")],
    dir: Dir = None,
    schemas: Schemas = None,
    renew: Annotated[bool, typer.Option("--rotate", help="ออกรหัสใหม่ · Issue a new password and token.")] = False,
    json: Json = False,
) -> None:
    """วิธีเชื่อมต่อ · Show how a participant connects: servers, SASL, user and password, registry, gateway, token.

    What it prints is secret. With --rotate a new password is in force at once, and the old token stays valid for a
    day beside the new one.
    """
    chosen = settings(dir, schemas=schemas)
    here = running(chosen)
    folder = bringup.checked(chosen)
    if participant not in folder.participants:
        raise no_participant(participant)
    if renew:
        with place(chosen, here.bootstrap, here.registry) as at:
            held = rotate(participant, at)
    else:
        held = Vault(chosen.dir / "credentials").read(participant)
    said: dict[str, Any] = {
        "participant": participant,
        "bootstrap_servers": here.bootstrap_sasl,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_username": held.user,
        "sasl_password": held.password,
        "outbox": f"outbox.{participant}" if folder.participants[participant].kafka else None,
        "inbox": f"inbox.{participant}",
        "group_id_prefix": participant,
        "schema_registry": f"{here.registry}/apis/ccompat/v7",
        "gateway": here.gateway,
        "deliverer": here.deliverer,
        "token": held.token,
    }
    if json:
        as_json(said)
        return
    for name, value in said.items():
        print(f"{name:18} {value if value is not None else '-'}")
