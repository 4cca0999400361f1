"""New secrets for one participant, while its old token still opens for a while."""

import time
from collections.abc import Callable

from saan.governance.site import Site
from saan.wire import credentials
from saan.wire.credentials import OVERLAP, Credentials
from saan.wire.governed_records import CREDENTIAL, PARTICIPANT, TOPIC, tokens_value
from saan.wire.trouble import Trouble


def rotate(
    participant: str,
    site: Site,
    *,
    overlap: int = OVERLAP,
    now: Callable[[], int] = lambda: time.time_ns() // 1000,
) -> Credentials:
    """Issue a new password and token, put them in force, and return them.

    The token until now stays valid for ``overlap`` microseconds. Kafka knows one password per user: connections that
    stand go on, new ones need the new password at once. A participant whose secrets were issued from another folder
    gets new ones here, and the others end. Raises ``Trouble``.
    """
    if TOPIC not in site.cluster.topics():
        raise Trouble("cluster.no-governance")
    if PARTICIPANT + participant not in site.log.read():
        raise Trouble("credentials.stranger", participant=participant)
    if participant in site.vault:
        fresh = credentials.rotate(site.vault.read(participant), now(), overlap)
    else:
        fresh = credentials.issue(participant, now())
    site.vault.keep(fresh)
    site.cluster.set_passwords({fresh.user: fresh.password})
    site.log.write({CREDENTIAL + participant: tokens_value(fresh.governed())})
    return fresh
