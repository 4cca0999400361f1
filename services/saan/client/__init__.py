"""The kit that publishers and subscribers import.

Publish::

    from saan.client import Publisher

    with Publisher("http://127.0.0.1:8080", token) as publisher:
        for verdict in publisher.publish(events):
            if verdict.word == "invalid":
                print(verdict.id, verdict.code, verdict.message["th"])

Receive::

    from saan.client import Subscriber

    with Subscriber("http://127.0.0.1:8090", token) as subscriber:
        for event in subscriber.events():
            apply(event)  # an event counts as received when the next page is asked for

Both try again by themselves what can be tried again, with the same event ids, so that nothing counts twice.
"""

from saan.client.errors import ClientError, Refused, Unavailable
from saan.client.publisher import Publisher, Verdict
from saan.client.subscriber import Page, Subscriber

__all__ = ["ClientError", "Page", "Publisher", "Refused", "Subscriber", "Unavailable", "Verdict"]
