"""Kafka as an administrator sees it: topics, configurations, access and users.

A typed face of confluent-kafka's ``AdminClient``; never on the hot path. Every call may raise ``Trouble``
(``cluster.*``). Creating what exists already and removing what is gone already succeed quietly: two people may apply
the same governance at the same time.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ConfigSource,
    NewPartitions,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from saan.wire.trouble import Trouble

_ITERATIONS = 4096  # the least Kafka takes; passwords are 256 random bits, which no dictionary holds
_SILENT = {"log_level": 0}  # a broker that is away is said once, by us
_AWAY = (KafkaError._TRANSPORT, KafkaError._TIMED_OUT, KafkaError._ALL_BROKERS_DOWN, KafkaError.REQUEST_TIMED_OUT)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. ``config`` holds what was set for it, not the broker's defaults; ``replication`` 0 is the broker's."""

    name: str
    partitions: int
    replication: int = 0
    config: Mapping[str, str] = field(default_factory=dict)


class Grant(NamedTuple):
    """One permission. ``resource`` is ``topic``, ``group``, ``transactional_id`` or ``broker`` (the cluster).

    ``prefix`` is true when ``name`` stands for everything that begins with it; ``operation`` is Kafka's, in capitals.
    """

    user: str
    resource: str
    name: str
    operation: str
    prefix: bool = False


def client_settings(bootstrap: str, security: Mapping[str, str]) -> dict[str, Any]:
    """Settings of every administrative client; ``security`` holds librdkafka's own names (``sasl.username``)."""
    return {"bootstrap.servers": bootstrap, "client.id": "saan-admin", **_SILENT, **security}


class Cluster:
    """The cluster behind ``bootstrap`` (``host:port,…``). ``timeout`` in seconds bounds every call."""

    def __init__(self, bootstrap: str, security: Mapping[str, str] | None = None, *, timeout: float = 15.0) -> None:
        self.bootstrap = bootstrap
        self.security = dict(security or {})
        self._timeout = timeout
        self._admin = AdminClient(client_settings(bootstrap, self.security))

    def brokers(self) -> int:
        """How many brokers answer."""
        return len(self._metadata().brokers)

    def topics(self) -> dict[str, Topic]:
        """All topics but Kafka's own, by name."""
        found = {
            name: Topic(name, len(topic.partitions), len(topic.partitions[0].replicas) if topic.partitions else 0)
            for name, topic in self._metadata().topics.items()
            if not name.startswith("__")
        }
        configs = self._configs(found)
        return {n: Topic(n, t.partitions, t.replication, configs.get(n, {})) for n, t in found.items()}

    def create(self, topics: Iterable[Topic]) -> None:
        wanted = [NewTopic(t.name, t.partitions, t.replication or -1, config=dict(t.config)) for t in topics]
        if wanted:
            futures = self._admin.create_topics(wanted, request_timeout=self._timeout)
            self._settle("create topic {}", futures, quiet=KafkaError.TOPIC_ALREADY_EXISTS)

    def grow(self, name: str, partitions: int) -> None:
        """Give a topic more partitions. Keys move: whoever reads them in order must have read everything."""
        futures = self._admin.create_partitions([NewPartitions(name, partitions)], request_timeout=self._timeout)
        self._settle("add partitions to {}", futures)

    def configure(self, name: str, config: Mapping[str, str]) -> None:
        """Set these configurations of a topic and leave all others as they are."""
        entries = [
            ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in config.items()
        ]
        resource = ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=entries)
        futures = self._admin.incremental_alter_configs([resource], request_timeout=self._timeout)
        self._settle("configure topic {}", futures)

    def grants(self) -> frozenset[Grant] | None:
        """All permissions given to users from any host; ``None`` on a cluster that checks no permissions."""
        anything = AclBindingFilter(
            ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ALLOW
        )
        future = self._admin.describe_acls(anything, request_timeout=self._timeout)
        found = self._result("read permissions", future, quiet=KafkaError.SECURITY_DISABLED)
        if found is None:
            return None
        return frozenset(_grant(binding) for binding in found if binding.host == "*")

    def allow(self, grants: Iterable[Grant]) -> None:
        bindings = [_binding(grant) for grant in grants]
        if bindings:
            self._settle("allow {}", self._admin.create_acls(bindings, request_timeout=self._timeout))

    def disallow(self, grants: Iterable[Grant]) -> None:
        filters = [_filter(grant) for grant in grants]
        if filters:
            self._settle("disallow {}", self._admin.delete_acls(filters, request_timeout=self._timeout))

    def users(self) -> frozenset[str]:
        """Users with a SCRAM password."""
        future = self._admin.describe_user_scram_credentials(request_timeout=self._timeout)
        return frozenset(self._result("read users", future))

    def set_passwords(self, passwords: Mapping[str, str]) -> None:
        """Give users a password (SCRAM-SHA-512), by user name; a user that is not there is made."""
        mechanism = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, _ITERATIONS)
        changes = [UserScramCredentialUpsertion(user, mechanism, word.encode()) for user, word in passwords.items()]
        if changes:
            futures = self._admin.alter_user_scram_credentials(changes, request_timeout=self._timeout)
            self._settle("set the password of {}", futures)

    def remove_user(self, user: str) -> None:
        change = UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512)
        futures = self._admin.alter_user_scram_credentials([change], request_timeout=self._timeout)
        self._settle("remove user {}", futures, quiet=KafkaError.RESOURCE_NOT_FOUND)

    def _metadata(self) -> Any:
        return self._guard("read topics", lambda: self._admin.list_topics(timeout=self._timeout))

    def _configs(self, names: Iterable[str]) -> dict[str, dict[str, str]]:
        resources = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in names]
        if not resources:
            return {}
        futures = self._admin.describe_configs(resources, request_timeout=self._timeout)
        own = ConfigSource.DYNAMIC_TOPIC_CONFIG.value
        found: dict[str, dict[str, str]] = {}
        for resource, future in futures.items():
            entries = self._result("read configurations", future, quiet=KafkaError.UNKNOWN_TOPIC_OR_PART)
            found[resource.name] = {e.name: e.value for e in (entries or {}).values() if e.source == own}
        return found

    def _settle(self, action: str, futures: Mapping[Any, Any], quiet: int | None = None) -> None:
        for subject, future in futures.items():
            self._result(action.format(getattr(subject, "name", subject)), future, quiet)

    def _result(self, action: str, future: Any, quiet: int | None = None) -> Any:
        return self._guard(action, lambda: future.result(self._timeout), quiet)

    def _guard(self, action: str, call: Callable[[], Any], quiet: int | None = None) -> Any:
        try:
            return call()
        except KafkaException as error:
            if quiet is not None and error.args[0].code() == quiet:
                return None
            raise translated(action, error) from error
        except TimeoutError as error:
            raise Trouble("cluster.away", cause="timed out") from error


def translated(action: str, error: KafkaException) -> Trouble:
    """The trouble behind an exception of confluent-kafka."""
    fault = error.args[0]
    if fault.code() in _AWAY:
        return Trouble("cluster.away", cause=fault.name())
    return Trouble("cluster.refused", action=action, cause=f"{fault.name()}: {fault.str()}")


def _grant(binding: Any) -> Grant:
    return Grant(
        user=str(binding.principal).removeprefix("User:"),
        resource=binding.restype.name.lower(),
        name=binding.name,
        operation=binding.operation.name,
        prefix=binding.resource_pattern_type == ResourcePatternType.PREFIXED,
    )


def _binding(grant: Grant) -> Any:
    return AclBinding(*_fields(grant))


def _filter(grant: Grant) -> Any:
    return AclBindingFilter(*_fields(grant))


def _fields(grant: Grant) -> tuple[Any, ...]:
    pattern = ResourcePatternType.PREFIXED if grant.prefix else ResourcePatternType.LITERAL
    operation = AclOperation[grant.operation]
    kind = ResourceType[grant.resource.upper()]
    return kind, grant.name, pattern, f"User:{grant.user}", "*", operation, AclPermissionType.ALLOW
