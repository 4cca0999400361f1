"""What flowed when, how soon it flowed again, and whether that was promised."""

from saan.prove.figures import Struck, promises, recovery, throughput

STRUCK = [
    Struck("kill-router", ("router",), 20.0, 20.0, 8.0),
    Struck("broker-away", ("kafka",), 40.0, 45.0, 3.5),
    Struck("kill-router", ("router",), 60.0, 60.0, 9.0),
]
NEVER = Struck("term-gateway", ("gateway",), 80.0, 80.0, None)


def test_recovery_has_the_median_and_the_worst_of_every_kind() -> None:
    assert recovery([*STRUCK, NEVER]) == {
        "broker-away": {"times": 1, "never": 0, "median_s": 3.5, "worst_s": 3.5},
        "kill-router": {"times": 2, "never": 0, "median_s": 8.5, "worst_s": 9.0},
        "term-gateway": {"times": 1, "never": 1},
    }


def test_a_promise_is_kept_when_the_worst_case_is_within_it() -> None:
    late = Struck("kill-router", ("router",), 90.0, 90.0, 10.5)

    assert promises(STRUCK) == {"kill-router": {"limit_s": 10.0, "worst_s": 9.0, "kept": True}}
    assert promises([*STRUCK, late]) == {"kill-router": {"limit_s": 10.0, "worst_s": 10.5, "kept": False}}


def test_what_never_flowed_again_broke_its_promise() -> None:
    assert promises([NEVER]) == {"term-gateway": {"limit_s": 2.0, "worst_s": None, "kept": False}}


def test_a_registry_that_is_away_stops_nothing_and_the_longest_silence_shows_it() -> None:
    away = Struck("registry-away", ("registry",), 9.5, 40.0, 0.8)
    flowing = dict.fromkeys(range(60), 5)
    silent = flowing | dict.fromkeys(range(20, 26), 0)

    assert promises([away], flowing) == {"registry-away": {"limit_s": 5.0, "worst_s": 0.0, "kept": True}}
    assert promises([away], silent) == {"registry-away": {"limit_s": 5.0, "worst_s": 6.0, "kept": False}}


def test_throughput_is_told_apart_by_what_went_on_in_each_second() -> None:
    rates = dict.fromkeys(range(5, 20), 10)
    rates |= dict.fromkeys((*range(20, 28), *range(40, 49), *range(60, 69)), 2)
    rates |= dict.fromkeys((*range(28, 40), *range(49, 60)), 6)
    rates |= dict.fromkeys(range(69, 80), 20)

    assert throughput(rates, STRUCK, 5.0, 80.0) == {"before": 10.0, "during": 2.0, "between": 6.0, "after": 20.0}


def test_a_second_in_which_nothing_came_out_counts() -> None:
    assert throughput({5: 10}, [], 5.0, 10.0)["before"] == 2.0


def test_a_run_without_faults_has_no_other_time_than_before() -> None:
    assert throughput({1: 4, 2: 4}, [], 0.5, 3.0) == {"before": 4.0, "during": None, "between": None, "after": None}
