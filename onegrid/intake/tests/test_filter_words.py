"""The words of a matter: any text gives a sorted set of numbers, the same whatever the order of its parts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from onegrid.intake.rules.filter.words import BUCKETS, LONGEST, packed, unpacked, words_of


def said(text: str) -> list[int]:
    return [int(each) for each in words_of(text)]


def test_a_text_without_letters_says_nothing() -> None:
    assert said("") == said("   \n") == said("😀🚮👍🏽") == said("，。！？——……") == []


def test_one_character_is_a_word_of_its_own() -> None:
    assert len(said("灯")) == len(said("A")) == 1
    assert said("灯") != said("桥")


def test_chinese_is_read_in_pairs_of_characters() -> None:
    assert len(said("路灯不亮")) == 3
    assert set(said("路灯")) < set(said("路灯不亮"))


def test_latin_words_are_whole_and_regardless_of_case() -> None:
    assert said("Street LIGHT") == said("light, street!")
    assert not set(said("light")) & set(said("lights"))


def test_scripts_that_touch_are_told_apart() -> None:
    assert set(said("K301路口")) == set(said("K301")) | set(said("路口"))
    assert set(said("уличный фонарь 路灯")) == set(said("фонарь")) | set(said("уличный")) | set(said("路灯"))


def test_the_order_of_the_parts_does_not_matter() -> None:
    assert said("路灯不亮，请尽快处理") == said("请尽快处理；路灯不亮。路灯不亮")


def test_of_a_very_long_text_the_beginning_counts() -> None:
    long = "垃圾没人清运。" * 15_000
    assert len(long) > 100_000
    assert said(long) == said(long[:LONGEST])


@given(st.text(max_size=300))
def test_any_text_gives_distinct_sorted_numbers(text: str) -> None:
    words = words_of(text)
    assert words.dtype == np.uint16
    assert said(text) == sorted(set(said(text)))


@given(st.sets(st.integers(0, BUCKETS - 1)))
def test_unpacking_undoes_packing(numbers: set[int]) -> None:
    words = np.array(sorted(numbers), dtype=np.uint16)
    assert len(packed(words)) == 2 * len(words)
    assert np.array_equal(unpacked(packed(words)), words)
