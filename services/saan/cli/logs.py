"""Where log lines go: a command's output stays clean, a station's output is its log."""

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class Lossy:
    """A stream of log lines that nobody can write to is no reason to fail: it may be a file on a full disk."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError:  # there is nowhere to say it
            return 0

    def flush(self) -> None:
        with suppress(OSError):  # there is nowhere to say it
            self._stream.flush()


def to_stderr() -> None:
    """Readable lines on standard error, for commands that a person runs.

    The Kafka client's own lines stay away: what they mean to a person is said by the command's error.
    """
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.configure(logger_factory=_printing(sys.stderr))


def as_json(name: str, level: str) -> None:
    """JSON lines on standard output with the station's name, those of libraries too."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.contextvars.bind_contextvars(station=name)
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=_printing(sys.stdout),
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("aiokafka", "faust", "mode", "httpx", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _printing(stream: TextIO) -> structlog.PrintLoggerFactory:
    return structlog.PrintLoggerFactory(cast(TextIO, Lossy(stream)))
