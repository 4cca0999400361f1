"""Real Apache Kafka and a real schema registry on this machine, with nothing installed but Python.

`Engine` starts and watches them, `fetch` brings the programs into the user's cache, `checks` says whether this machine
can run them, and `run_tool` runs Kafka's own command line programs. Everything listens on 127.0.0.1 only; data, logs
and ports are kept in the folder given, and the children never outlive the process that started them.
"""

from saan.embedded.engine import Endpoints, Engine
from saan.embedded.errors import EngineError

__all__ = ["Endpoints", "Engine", "EngineError"]
