"""Every setting, once. The only place that reads the environment (prefix ``SAAN_``)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What one process needs to know about the world around it; every field is also ``SAAN_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="SAAN_", extra="ignore", frozen=True)

    dir: Annotated[Path, Field(description="Folder of this exchange: data, secrets, logs, endpoints.")] = Path(".saan")
    cache: Annotated[Path | None, Field(description="Folder for what is fetched once per user.")] = None
    schemas: Annotated[Path | None, Field(description="Folder with schemas/; default: the one shipped.")] = None
    environment: Annotated[str, Field(description="`production` refuses test data.")] = "sandbox"
    profile: Annotated[Literal["small", "national"], Field(description="Partition counts of topics.yaml.")] = "small"

    bootstrap: Annotated[str, Field(description="Kafka bootstrap servers for stations.")] = "127.0.0.1:9092"
    bootstrap_sasl: Annotated[str, Field(description="Kafka bootstrap servers for participants.")] = ""
    security_protocol: Annotated[str, Field(description="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.")] = "PLAINTEXT"
    sasl_username: str = ""
    sasl_password_file: Path | None = None
    ssl_cafile: Path | None = None
    registry: Annotated[str, Field(description="Base address of the schema registry.")] = "http://127.0.0.1:8081"

    advertised: Annotated[
        Mapping[str, int],
        Field(description='For a proxy in front of brokers or registry, as JSON: {"kafka/PLAINTEXT": its port, …}.'),
    ] = {}

    gateway: Annotated[str, Field(description="Address of the gateway, for commands against another machine.")] = ""
    deliverer: Annotated[str, Field(description="Address of the deliverer, likewise.")] = ""

    engine: Annotated[
        Literal["auto", "reference", "compiled"],
        Field(description="What decides records: `auto` is `compiled` where its native module was built."),
    ] = "auto"

    host: Annotated[str, Field(description="Address on which the HTTP stations listen.")] = "127.0.0.1"
    port: Annotated[int, Field(description="Port of this station's HTTP face; 0: none or any free one.")] = 0
    metrics_port: Annotated[int, Field(description="Port of this station's metrics; 0: none.")] = 0

    pseudonym_key_file: Annotated[Path | None, Field(description="Key of pseudonyms; only the validator reads it.")] = (
        None
    )
    gateway_key_file: Annotated[Path | None, Field(description="Key shared by gateways and deliverers.")] = None

    max_body: Annotated[int, Field(description="Largest HTTP body in bytes.")] = 8 * 1024 * 1024
    max_record: Annotated[int, Field(description="Largest record in bytes, value and headers.")] = 512 * 1024
    session_timeout: Annotated[float, Field(ge=6, description="Kafka group session timeout in seconds.")] = 6.0
    tx_timeout: Annotated[float, Field(gt=0, le=600, description="Longest transaction in seconds.")] = 15.0
    patience_hours: Annotated[
        float, Field(gt=0, le=720, description="How long an event waits for what must come before it.")
    ] = 72.0
    lag_alarm_seconds: Annotated[float, Field(gt=0, description="From when on a late station is an alarm.")] = 60.0
    disk_reserve_mb: Annotated[int, Field(ge=0, description="Free MB of a disk below which it is warned of.")] = 512
    log_level: str = "INFO"

    @property
    def secrets(self) -> Path:
        return self.dir / "secrets"

    @property
    def pseudonym_key(self) -> Path:
        return self.pseudonym_key_file or self.secrets / "pseudonym.key"

    @property
    def gateway_key(self) -> Path:
        return self.gateway_key_file or self.secrets / "gateway.key"

    @property
    def schema_cache(self) -> Path:
        """Schemas by id, as the registry gave them; what was seen once needs the registry no more."""
        return self.dir / "cache" / "schemas"

    @property
    def state(self) -> Path:
        """Local folders that can be thrown away: everything in them is derived from the log."""
        return self.dir / "state"
