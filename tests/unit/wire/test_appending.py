"""What an append that was given up leaves behind."""

import asyncio
import gc
from typing import Any

from aiokafka.errors import KafkaError

from saan.wire.appending import shared


async def test_a_record_that_was_given_up_and_fails_later_makes_nobody_complain() -> None:
    complaints: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))
    acknowledgement = loop.create_future()

    shared(acknowledgement).cancel()
    await asyncio.sleep(0)
    acknowledgement.set_exception(KafkaError("the producer was abandoned"))
    await asyncio.sleep(0)
    del acknowledgement
    gc.collect()

    assert complaints == []


async def test_giving_up_one_record_leaves_the_acknowledgement_to_the_others() -> None:
    acknowledgement: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    given_up, waited_for = shared(acknowledgement), shared(acknowledgement)
    given_up.cancel()
    await asyncio.sleep(0)
    acknowledgement.set_result("stored")

    assert await waited_for == "stored"
