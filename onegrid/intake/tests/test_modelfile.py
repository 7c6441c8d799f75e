"""Model files: the same model is the same bytes, and no damaged or foreign file is ever taken for one."""

import io
import zipfile
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from onegrid.intake.rules import modelfile
from onegrid.intake.rules.modelfile import (
    ModelDamaged,
    ModelFile,
    ModelOfOtherKind,
    ModelTooLarge,
    ModelTooNew,
    ModelUnreadable,
    pack,
    unpack,
    versioned,
)

MADE = datetime(2026, 11, 24, 8, tzinfo=UTC)
names = st.from_regex(r"[a-z][a-z0-9_.-]{0,10}", fullmatch=True)
numbers = st.one_of(
    *(
        arrays.arrays(kind, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
        for kind in (np.float32, np.float64, np.int32, np.uint8, np.bool_)
    )
)
models = st.builds(
    ModelFile,
    kind=st.sampled_from(sorted(modelfile.KINDS)),
    version=st.just("20261124-0a"),
    made_at=st.just(MADE),
    card=st.dictionaries(st.text(), st.integers(-(2**53), 2**53) | st.text() | st.none()),
    arrays=st.dictionaries(names, numbers, max_size=3),
    words=st.dictionaries(names, st.lists(st.text()).map(tuple), max_size=3),
)


def small(**arrays_: np.ndarray) -> ModelFile:
    return versioned("classes", made_at=MADE, card={"n": 3}, arrays=arrays_, words={"labels": ("甲", "乙")})


@given(models)
def test_what_is_packed_is_read_back_and_packing_again_gives_the_same_bytes(model: ModelFile) -> None:
    data = pack(model)
    again = unpack(data, kind=model.kind)
    assert (again.kind, again.version, again.made_at, again.card, again.words) == (
        model.kind, model.version, MADE, model.card, model.words,
    )  # fmt: skip
    assert again.arrays.keys() == model.arrays.keys()
    for name, array in model.arrays.items():
        assert again.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(again.arrays[name], array)
    assert pack(again) == data


def test_a_version_names_its_contents() -> None:
    one, same, other = small(a=np.arange(3)), small(a=np.arange(3)), small(a=np.arange(4))
    assert one.version == same.version != other.version
    assert one.version.startswith("20261124-")


@given(st.binary(max_size=400))
def test_no_other_file_is_taken_for_a_model(data: bytes) -> None:
    with pytest.raises(ModelUnreadable):
        unpack(data)


@given(st.data())
def test_a_changed_or_cut_byte_never_gives_another_model(data: st.DataObject) -> None:
    whole = pack(small(a=np.arange(30)))
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = (
        whole[:at] if data.draw(st.booleans()) else whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
    )
    try:
        read = unpack(broken)
    except ModelUnreadable:
        return
    np.testing.assert_array_equal(read.arrays["a"], np.arange(30))  # a byte that says nothing, such as a date


def rezipped(changes: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pack(small(a=np.arange(3))))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
    return out.getvalue()


def header(text: bytes) -> bytes:
    out = io.BytesIO()
    np.save(out, np.frombuffer(text, dtype=np.uint8))
    return out.getvalue()


def test_a_file_that_lies_about_itself_is_refused_by_name() -> None:
    pickled, huge = io.BytesIO(), io.BytesIO()
    np.save(pickled, np.array([{"run": "me"}], dtype=object), allow_pickle=True)
    np.lib.format.write_array_header_1_0(huge, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    said = b'{"format": %d, "kind": "%s", "version": "1", "made_at": "%s", "card": {}, "words": {},'
    said += b' "arrays": ["a"]}'
    day = MADE.isoformat().encode()
    cases = [
        ({"array.a.npy": pickled.getvalue()}, ModelDamaged),
        ({"array.a.npy": huge.getvalue()}, ModelDamaged),
        ({"array.a.npy": b""}, ModelDamaged),
        ({"header.npy": header(b"[]")}, ModelDamaged),
        ({"header.npy": header(b"{}")}, ModelDamaged),
        ({"header.npy": header(said % (1, b"classes", b"2026-11-24T08:00:00"))}, ModelDamaged),
        ({"header.npy": header(said % (9, b"classes", day))}, ModelTooNew),
        ({"header.npy": header(said % (1, b"weather", day))}, ModelOfOtherKind),
    ]
    for changes, refusal in cases:
        with pytest.raises(refusal):
            unpack(rezipped(changes))
    assert unpack(rezipped({"header.npy": header(said % (1, b"classes", day))})).version == "1"


def test_another_kind_or_too_large_a_file_is_refused() -> None:
    data = pack(small(a=np.arange(3)))
    with pytest.raises(ModelOfOtherKind):
        unpack(data, kind="matching")
    with pytest.raises(ModelTooLarge):
        unpack(data + b"\0" * modelfile.MOST_BYTES)
    noise = np.random.default_rng(0).integers(0, 256, modelfile.MOST_BYTES + 1, dtype=np.uint8)
    with pytest.raises(ModelTooLarge):
        pack(ModelFile("classes", "1", MADE, arrays={"a": noise}))
    swollen = rezipped({"array.a.npy": b""})
    assert len(swollen) < 10_000
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("array.a.npy", b"\0" * (modelfile.MOST_UNPACKED + 1))
    with pytest.raises(ModelTooLarge):
        unpack(bomb.getvalue())


def test_what_no_model_file_can_hold_is_not_packed() -> None:
    for model in (
        ModelFile("weather", "1", MADE),
        ModelFile("classes", "a b", MADE),
        ModelFile("classes", "1", MADE.replace(tzinfo=None)),
        ModelFile("classes", "1", MADE, arrays={"a": np.array(["text"])}),
        ModelFile("classes", "1", MADE, arrays={"../a": np.arange(2)}),
    ):
        with pytest.raises(ValueError):
            pack(model)
