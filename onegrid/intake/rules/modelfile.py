"""A learned model as one file: a header, arrays of numbers and lists of words, with its evaluation card.

The file is a compressed npz: plain arrays and one JSON header, nothing that runs when it is read. Packing the
same model gives the same bytes, so that a version names its contents."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import numpy as np
import orjson

from onegrid.intake.rules.reports import JsonValue
from onegrid.kernel.refusals import Refusal

FORMAT: Final = 1
MOST_BYTES: Final = 20_000_000
MOST_UNPACKED: Final = 200_000_000  # a small file that swells beyond this is no model
KINDS: Final[Mapping[str, str]] = {"classes": "事项分类", "matching": "同一事项识别"}
_HEADER: Final = "header"
_ARRAY: Final = "array."
_NAME: Final = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NO_ZIP: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
    OverflowError, struct.error,
)  # fmt: skip
_PLAIN: Final = "biuf"  # kinds of numpy types a model may hold: yes/no, whole and real numbers


class ModelUnreadable(Refusal):
    """The file is no model that this version can use."""

    code = "intake.model-unreadable"
    zh = "模型文件无法读取。"
    en = "The model file cannot be read."


class ModelDamaged(ModelUnreadable):
    code = "intake.model-damaged"
    zh = "模型文件已损坏或不是模型文件（{where}）。请重新导出或重新训练。"
    en = "The model file is damaged or no model file ({where}); export or train it again."


class ModelOfOtherKind(ModelUnreadable):
    code = "intake.model-other-kind"
    zh = "这是“{kind}”模型，这里需要的是：{wanted}。"
    en = "This is a model of kind '{kind}'; wanted here: {wanted}."


class ModelTooNew(ModelUnreadable):
    code = "intake.model-too-new"
    zh = "模型文件的格式（第 {format} 版）比本系统支持的（第 {known} 版）新。请先升级系统。"
    en = "The model file has format {format}, newer than the {known} known here; upgrade first."


class ModelTooLarge(ModelUnreadable):
    code = "intake.model-too-large"
    zh = "模型文件过大（{bytes} 字节，上限 {limit} 字节）。"
    en = "The model file is too large: {bytes} bytes, at most {limit}."


class ModelVersionTaken(Refusal):
    status = 409
    code = "intake.model-version-taken"
    zh = "已有同一版本号（{version}）而内容不同的模型。请重新训练，以得到新的版本号。"
    en = "Another model already has the version {version}; train again to get a version of its own."


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One version of one kind of model. `card`: what it was trained on and how well it did, and when."""

    kind: str
    version: str
    made_at: datetime
    card: Mapping[str, JsonValue] = field(default_factory=dict)
    arrays: Mapping[str, np.ndarray[Any, np.dtype[Any]]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def versioned(
    kind: str,
    *,
    made_at: datetime,
    card: Mapping[str, JsonValue],
    arrays: Mapping[str, np.ndarray[Any, np.dtype[Any]]],
    words: Mapping[str, tuple[str, ...]],
) -> ModelFile:
    """The model under a version of its own: the day it was made and a digest of all it holds."""
    bare = ModelFile(kind, "0", made_at, card, arrays, words)
    return ModelFile(kind, f"{made_at:%Y%m%d}-{sha256(pack(bare)).hexdigest()[:10]}", *_contents(bare))


def _contents(model: ModelFile) -> tuple[Any, ...]:
    return model.made_at, model.card, model.arrays, model.words


def pack(model: ModelFile) -> bytes:
    """The model as bytes, the same for the same model.

    Raises ModelTooLarge; ValueError for names or arrays that no model file can hold."""
    _check(model)
    header = {
        "format": FORMAT, "kind": model.kind, "version": model.version, "made_at": model.made_at,
        "card": dict(model.card), "words": {name: list(words) for name, words in model.words.items()},
        "arrays": sorted(model.arrays),
    }  # fmt: skip
    said = orjson.dumps(header, option=orjson.OPT_SORT_KEYS)
    parts = {_HEADER: np.frombuffer(said, dtype=np.uint8)}
    parts |= {_ARRAY + name: np.ascontiguousarray(model.arrays[name]) for name in sorted(model.arrays)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, array in parts.items():
            with io.BytesIO() as part:
                np.lib.format.write_array(part, array, allow_pickle=False)
                file.writestr(_entry(name), part.getvalue())
    data = out.getvalue()
    if len(data) > MOST_BYTES:
        raise ModelTooLarge(bytes=len(data), limit=MOST_BYTES)
    return data


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980: the same bytes whenever it is packed
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _check(model: ModelFile) -> None:
    if model.kind not in KINDS or not _VERSION.fullmatch(model.version):
        raise ValueError(f"no such kind or version: {model.kind!r}, {model.version!r}")
    if model.made_at.tzinfo is None:
        raise ValueError("a model's time of making needs a time zone")
    for name, array in model.arrays.items():
        if not _NAME.fullmatch(name) or array.dtype.kind not in _PLAIN:
            raise ValueError(f"a model cannot hold {name!r} of {array.dtype}")


def unpack(data: bytes, *, kind: str | None = None) -> ModelFile:
    """Read a model file; `kind`: the only one that will do here.

    Raises ModelUnreadable: ModelTooLarge, ModelDamaged, ModelTooNew or ModelOfOtherKind."""
    if len(data) > MOST_BYTES:
        raise ModelTooLarge(bytes=len(data), limit=MOST_BYTES)
    parts = _parts(data)
    header = _header(parts)
    if header["kind"] not in ({kind} if kind else KINDS):
        wanted = [kind] if kind else list(KINDS)
        raise ModelOfOtherKind(kind=header["kind"], wanted="、".join(wanted))
    arrays = {name.removeprefix(_ARRAY): part for name, part in parts.items() if name.startswith(_ARRAY)}
    if sorted(arrays) != header["arrays"]:
        raise ModelDamaged(where="arrays")
    words = {str(name): tuple(map(str, words)) for name, words in header["words"].items()}
    return ModelFile(header["kind"], header["version"], header["made_at"], header["card"], arrays, words)


def _parts(data: bytes) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            swollen = sum(entry.file_size for entry in file.infolist())
            if swollen > MOST_UNPACKED:
                raise ModelTooLarge(bytes=swollen, limit=MOST_UNPACKED)
            return {name.removesuffix(".npy"): _array(file.read(name), name) for name in file.namelist()}
    except _NO_ZIP as error:
        raise ModelDamaged(where="zip") from error


def _array(data: bytes, name: str) -> np.ndarray[Any, np.dtype[Any]]:
    """An array read without trusting what it says about its size, and without unpickling anything."""
    part = io.BytesIO(data)
    try:
        if np.lib.format.read_magic(part) != (1, 0):
            raise ModelDamaged(where=name)
        shape, by_column, dtype = np.lib.format.read_array_header_1_0(part)
        if by_column or dtype.kind not in _PLAIN:
            raise ModelDamaged(where=name)
        return np.frombuffer(data, dtype=dtype, offset=part.tell()).reshape(shape)
    except (ValueError, TypeError, SyntaxError, OverflowError) as error:
        raise ModelDamaged(where=name) from error


def _header(parts: Mapping[str, np.ndarray[Any, np.dtype[Any]]]) -> dict[str, Any]:
    try:
        header: dict[str, Any] = orjson.loads(parts[_HEADER].tobytes())
        if header["format"] > FORMAT:
            raise ModelTooNew(format=header["format"], known=FORMAT)
        header["made_at"] = datetime.fromisoformat(header["made_at"])
        sound = (
            header["made_at"].tzinfo is not None
            and _VERSION.fullmatch(header["version"])
            and isinstance(header["kind"], str)
            and isinstance(header["card"], dict)
            and isinstance(header["arrays"], list)
            and all(isinstance(words, list) for words in header["words"].values())
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelDamaged(where=_HEADER) from error
    if not sound:
        raise ModelDamaged(where=_HEADER)
    return header
