import pytest

from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.demos.pairs import MOST, READY, look_at
from tui_app.demos.parameters import ParameterError
from tui_app.demos.variant import Variant, parse_variant, suggested
from tui_app.engine.machine import StartMethod, start_methods


def test_a_variant_is_read_as_it_is_typed() -> None:
    variant = parse_variant("13:workers=4:SECONDS=0.5:start=spawn")
    assert variant.demo.name == "pool-as-completed"
    assert variant.values == {"WORKERS": 4, "SECONDS": 0.5}
    assert variant.start_method is StartMethod.SPAWN
    assert variant.settings == "workers 4, seconds 0.5, spawn"
    assert "WORKERS = 4\n" in variant.source
    assert variant.run().source == variant.source


def test_own_values_change_nothing() -> None:
    variant = parse_variant("13:workers=8")
    assert variant.is_own
    assert variant.settings == ""
    assert variant.source == variant.demo.source
    assert not parse_variant("13:start=spawn").is_own


def test_settings_for_all_yield_to_ones_own_and_to_who_does_not_know_them() -> None:
    general = {"seconds": "0.5", "workers": "3"}
    assert parse_variant("13:seconds=0.1", general).values == {"SECONDS": 0.1, "WORKERS": 3}
    assert parse_variant("5", general).values == {"SECONDS": 0.5}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nix", "no demo 'nix'"),
        ("5:", "NAME=VALUE"),
        ("5:=3", "NAME=VALUE"),
        ("5:calls=3", "no parameter calls"),
        ("5:seconds=soon", "a number of seconds"),
        ("5:start=magic", "no start method 'magic'"),
    ],
)
def test_what_is_wrong_is_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_variant(text)


@pytest.mark.parametrize("demo", demos(), ids=lambda demo: demo.name)
def test_every_demo_has_settings_to_compare(demo: Demo) -> None:
    variants = suggested(demo)
    assert 2 <= len(variants) <= MOST
    assert all(variant.demo is demo for variant in variants)
    told = [(dict(variant.values), variant.start_method) for variant in variants]
    assert all(told.count(one) == 1 for one in told), "each is another setting"
    for variant in variants:
        assert variant.with_settings({}) == variant


def test_the_suggested_settings_show_what_a_demo_is_about() -> None:
    workers = [variant.settings for variant in suggested(find_demo("pool-as-completed"))]
    assert workers == ["", "workers 4", "workers 2"]
    methods = [variant.start_method for variant in suggested(find_demo("loop-joined"))]
    assert methods == list(start_methods())


def test_the_ready_pairs_do_the_same_work() -> None:
    numbers = [tuple(variant.demo.number for variant in pair.variants) for pair in READY]
    assert numbers == [(2, 5), (7, 13), (14, 15), (16, 17)]
    for pair in READY:
        first, second = ({**variant.demo.values, **variant.values} for variant in pair.variants)
        for name in ("SECONDS", "PHOTOS", "BLUR", "SIZE"):
            assert first.get(name) == second.get(name)
        assert look_at(pair.variants) == pair.look
    assert look_at([Variant(find_demo("2")), Variant(find_demo("7"))]) == ""


def test_a_setting_that_it_does_not_know_is_an_error() -> None:
    with pytest.raises(ParameterError, match="no parameter workers"):
        Variant(find_demo("5")).with_settings({"workers": "2"})
