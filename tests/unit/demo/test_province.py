from collections import Counter

import pytest

from saan.core.identity import citizen_id_ok, g_code_ok
from saan.demo.ground import Ground
from saan.demo.province import CLASS_SIZE, Province, Pupil
from saan.demo.schoolday import school_day

from .conftest import TUESDAY


def everybody(province: Province) -> list[Pupil]:
    return [pupil for school in province.ground.schools for pupil in province.pupils(school)]


def test_a_province_has_as_many_pupils_as_were_asked_for(province: Province) -> None:
    assert len(everybody(province)) == len(province) == 1_500


def test_the_same_seed_and_run_give_the_same_pupils(land: Ground, province: Province) -> None:
    again = Province(land, school_day(TUESDAY), seed=7, pupils=1_500, run="a")
    assert everybody(again) == everybody(province)


def test_another_seed_gives_other_people(land: Ground, province: Province) -> None:
    other = Province(land, school_day(TUESDAY), seed=8, pupils=1_500, run="a")
    assert [p.given for p in everybody(other)] != [p.given for p in everybody(province)]


def test_another_run_has_the_same_people_under_other_identities(land: Ground, province: Province) -> None:
    other = Province(land, school_day(TUESDAY), seed=7, pupils=1_500, run="b")
    names = [[(p.given, p.family, p.born, p.grade) for p in everybody(one)] for one in (province, other)]
    identities = [{p.identity for p in everybody(one)} for one in (province, other)]
    assert names[0] == names[1]
    assert identities[0].isdisjoint(identities[1])


def test_identities_are_well_formed_unlike_any_persons_and_used_once(province: Province) -> None:
    identities = Counter((pupil.id_type, pupil.identity) for pupil in everybody(province))
    assert set(identities.values()) == {1}
    for kind, identity in identities:
        if kind == "CITIZEN_ID":
            assert identity.startswith("9900")
            assert citizen_id_ok(identity)
        else:
            assert g_code_ok(identity, 2568)


def test_no_class_is_larger_than_a_class(province: Province) -> None:
    classes = Counter((pupil.school, pupil.grade, pupil.room) for pupil in everybody(province))
    assert max(classes.values()) <= CLASS_SIZE


def test_schools_teach_only_their_own_levels(province: Province) -> None:
    for school in province.ground.schools:
        assert {pupil.grade for pupil in province.pupils(school)} <= set(school.levels)


@pytest.mark.parametrize("pupils", [0, 1, 50])
def test_every_school_has_pupils_even_in_a_tiny_province(land: Ground, pupils: int) -> None:
    tiny = Province(land, school_day(TUESDAY), seed=1, pupils=pupils, run="a")
    assert all(len(list(tiny.pupils(school))) >= 2 for school in land.schools)
