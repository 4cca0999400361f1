"""The lock and how it is read."""

from importlib import resources

import pytest

from saan.embedded.lock import packaged_lock, read_lock, version_of

SHA = "0" * 64


def test_a_line_names_a_jar() -> None:
    (artifact,) = read_lock(f"# why\n\n{SHA} 12 org.slf4j:slf4j-api:1.7.36 kafka\n")
    assert (artifact.filename, artifact.size, artifact.set, artifact.is_archive) == (
        "slf4j-api-1.7.36.jar",
        12,
        "kafka",
        False,
    )


def test_a_line_names_a_packaging_and_a_classifier() -> None:
    (artifact,) = read_lock(f"{SHA} 12 io.apicurio:app:3.3.3:tar.gz:all registry")
    assert artifact.filename == "app-3.3.3-all.tar.gz"
    assert artifact.stem == "app-3.3.3-all"
    assert artifact.is_archive


@pytest.mark.parametrize(
    "line",
    [
        f"{SHA} 12 org.slf4j:slf4j-api:1.7.36",
        f"{SHA} 12 slf4j-api:1.7.36 kafka",
        f"{SHA} 12 a:b:c:d:e:f kafka",
        f"{SHA} 12 a::c kafka",
        f"{SHA[1:]} 12 a:b:c kafka",
        f"{SHA.replace('0', 'G')} 12 a:b:c kafka",
        f"{SHA} -12 a:b:c kafka",
    ],
)
def test_a_wrong_line_is_refused_by_its_number(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 of the lock"):
        read_lock(f"# first\n{line}\n")


def test_a_file_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"line 2 .* b-c.jar a second time"):
        read_lock(f"{SHA} 12 a:b:c kafka\n{SHA} 12 a2:b:c kafka")


def test_an_empty_lock_is_refused() -> None:
    with pytest.raises(ValueError, match="no file"):
        read_lock("# nothing\n")


def test_the_packaged_lock_holds_the_versions_the_exchange_is_tested_with() -> None:
    lock = packaged_lock()
    assert version_of("kafka-server", lock) == "4.3.1"
    assert version_of("apicurio-registry-app", lock) == "3.3.3"
    assert {artifact.set for artifact in lock} == {"kafka", "kafka-tools", "registry"}


def test_the_packaged_lock_names_no_host() -> None:
    assert "://" not in resources.files("saan.embedded").joinpath("runtime.lock").read_text()
