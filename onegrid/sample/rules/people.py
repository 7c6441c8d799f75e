"""Made-up people: names put together from common characters, telephone numbers that nobody can have."""

import numpy as np

SURNAMES = "陈林黄李吴王张郑苏蔡洪叶庄傅戴潘侯尤郭许刘杨谢曾周卓梁吕赖廖"
_FIRST = "晓建文志国春秋美丽海山水明德金玉家永东南小清雅思子宇佳俊伟景福荣泽锦远"
_LAST = "华强平英兰芳生辉龙凤云霞峰川林泉萍燕娟斌杰勇军波涛慧敏洁婷阳航宁安然瑜"
_UNUSED_RANGE = 16_000_000_000
"""Numbers beginning with 160 are given to nobody."""


def names(count: int, *, rng: np.random.Generator) -> list[str]:
    """`count` names, surnames by how common they are here; a name may come up twice, as in life."""
    weight = 1.0 / (np.arange(len(SURNAMES)) + 3)
    surname = rng.choice(len(SURNAMES), count, p=weight / weight.sum())
    first, last = rng.integers(0, len(_FIRST), count), rng.integers(0, len(_LAST), count)
    short = rng.random(count) < 0.12
    return [
        SURNAMES[s] + ("" if brief else _FIRST[f]) + _LAST[g]
        for s, f, g, brief in zip(surname, first, last, short, strict=True)
    ]


def phone(number: int) -> str:
    """The telephone number of the citizen with that number: eleven digits in a range that is not in use."""
    return str(_UNUSED_RANGE + number)
