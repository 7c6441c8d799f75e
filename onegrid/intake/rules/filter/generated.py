"""A made-up city's reports, for the model that comes along: sound priors where no city has decided yet.

Everything is invented: places, sentences, times. What it teaches is what every city shares: near, soon, of
one class, in like words, with the same photo is likely the same matter; in a crowded place less so."""

from typing import Final, NamedTuple
from uuid import UUID

import numpy as np

from .matters import Floats, Matter, columns
from .tables import Stream
from .words import words_of

DAYS: Final = 90
SIDE_M: Final = 6000.0
ORIGIN: Final = (118.4, 24.9)
SHARE: Final = 0.12  # of reports that tell of a matter told before
DAY_S: Final = 86400.0


class Kind(NamedTuple):
    """A class of matters: family, how often, what is wrong in several ways of saying it."""

    code: str
    family: str
    weight: float
    things: tuple[str, ...]
    states: tuple[str, ...]


KINDS: Final = (
    Kind("A1", "A", 8, ("垃圾", "生活垃圾", "一堆垃圾"), ("没人清运", "堆了好几天", "散发臭味", "堆满路边")),
    Kind("A2", "A", 4, ("建筑垃圾", "渣土", "装修废料"), ("倒在路边", "堆放很久", "没人处理", "挡住人行道")),
    Kind("A3", "A", 3, ("垃圾桶", "果皮箱"), ("满了", "破损", "倒了没人扶", "盖子坏了")),
    Kind("B1", "B", 6, ("路灯", "街灯", "照明灯"), ("不亮", "一闪一闪", "坏了", "整排不亮")),
    Kind("B2", "B", 3, ("井盖", "下水道井盖"), ("破损", "缺失", "松动有响声", "下沉")),
    Kind("B3", "B", 4, ("路面", "水泥路", "人行道砖"), ("破损", "坑洼", "塌陷", "积水")),
    Kind("C1", "C", 4, ("摊贩", "流动摊", "水果摊"), ("占道经营", "挡住路口", "天天摆摊", "影响通行")),
    Kind("C2", "C", 5, ("车辆", "货车", "小车"), ("乱停放", "停在消防通道", "占用盲道", "长期停放")),
    Kind("D1", "D", 3, ("噪音", "音响声", "施工噪声"), ("半夜还在响", "影响休息", "扰民", "太大")),
    Kind("D2", "D", 2, ("油烟", "烧烤烟", "废气"), ("直排", "很呛人", "飘进屋里", "天天排放")),
    Kind("E1", "E", 2, ("违建", "铁皮棚", "加盖的房子"), ("未批先建", "占用公共地", "又在搭建", "影响采光")),
    Kind("E2", "E", 2, ("外墙砖", "墙皮", "广告牌"), ("脱落", "松动", "快掉下来", "摇摇欲坠")),
)  # fmt: skip
ROADS: Final = (
    "湖滨",
    "成功",
    "江北",
    "柳新",
    "溪美",
    "南光",
    "新华",
    "民主",
    "中山",
    "环城",
    "文昌",
    "书院",
)
SPOTS: Final = (
    "菜市场",
    "小学门口",
    "公交站",
    "小区北门",
    "桥头",
    "医院对面",
    "村口",
    "祠堂边",
    "河边",
    "超市门口",
)
OPENINGS: Final = ("", "反映", "请问", "麻烦处理", "你好，", "投诉")
ENDINGS: Final = ("", "请尽快处理", "希望有人管", "谢谢", "已经说过多次", "老人小孩不安全", "什么时候解决")


def stream(seed: int = 0, *, reports: int = 12_000) -> Stream:
    """A quarter of a year of made-up reports; the same seed, the same reports."""
    rng = np.random.default_rng(seed)
    hubs = rng.uniform(0, SIDE_M, (60, 2))
    at = np.sort(rng.uniform(0, DAYS * DAY_S, reports))
    made: list[Matter] = []
    origin: list[int] = []
    places: list[tuple[float, float]] = []
    ended = np.zeros(reports)
    for row in range(reports):
        first = _told_before(rng, at, ended, origin) if rng.random() < SHARE else None
        if first is None:
            kind, place = _kind_first(rng), _somewhere(rng, hubs)
        else:
            kind, place = _kind_again(rng, made[first].class_code), _beside(rng, places[first])
        ended[row] = at[row] + rng.exponential(6 * DAY_S)
        told = _Told(KINDS[kind], place, float(at[row]), float(ended[row]))
        made.append(_matter(rng, row, told, None if first is None else made[first]))
        origin.append(row if first is None else first)
        places.append(place)
    declared = frozenset((origin[row], row) for row in range(reports) if origin[row] != row)
    return Stream(columns(made), declared)


class _Told(NamedTuple):
    """What a report is about: kind, metres east and north, when it came and ended."""

    kind: Kind
    place: tuple[float, float]
    at: float
    ended: float


def _told_before(rng: np.random.Generator, at: Floats, ended: Floats, origin: list[int]) -> int | None:
    """A matter that still runs, rather a recent one."""
    row, lag = len(origin), rng.exponential(1.5 * DAY_S)
    near = int(np.searchsorted(at[:row], at[row] - lag))
    for candidate in range(min(near, row - 1), max(min(near, row - 1) - 40, -1), -1):
        first = origin[candidate]
        if ended[first] > at[row]:
            return first
    return None


def _somewhere(rng: np.random.Generator, hubs: Floats) -> tuple[float, float]:
    if rng.random() < 0.6:
        hub = hubs[int(rng.integers(len(hubs)))]
        x, y = hub + rng.normal(0, 120, 2)
        return float(x), float(y)
    x, y = rng.uniform(0, SIDE_M, 2)
    return float(x), float(y)


def _beside(rng: np.random.Generator, place: tuple[float, float]) -> tuple[float, float]:
    east, north = place
    return east + rng.normal(0, 14), north + rng.normal(0, 14)


def _kind_first(rng: np.random.Generator) -> int:
    weights = np.array([each.weight for each in KINDS])
    return int(rng.choice(len(KINDS), p=weights / weights.sum()))


def _kind_again(rng: np.random.Generator, code: str) -> int:
    """Mostly the same class, sometimes another of the family, seldom quite another."""
    number = next(k for k, kind in enumerate(KINDS) if kind.code == code)
    dice = rng.random()
    if dice < 0.85:
        return number
    related = [k for k, kind in enumerate(KINDS) if kind.family == KINDS[number].family]
    return int(rng.choice(related if dice < 0.97 else len(KINDS)))


def _place(place: tuple[float, float]) -> tuple[str, int]:
    """The road and spot of a place, and the number of its address: the same within a block of 60 m."""
    x, y = place
    block = int(x // 60) * 1000 + int(y // 60)
    road = ROADS[int(x // 600 + y // 600 * 3) % len(ROADS)]
    return f"{road}路{block % 389 + 1}号{SPOTS[block % len(SPOTS)]}", block + 1


def _matter(rng: np.random.Generator, row: int, told: _Told, first: Matter | None) -> Matter:
    """The report, said in one of many ways; `first`: the one that told of it before."""
    where, block = _place(told.place)
    title, said = _sayings(rng, told.kind, where)
    photos, reporter = _shared(rng, first)
    blind = rng.random() < 0.06
    x, y = told.place
    return Matter(
        case_id=UUID(int=row + 1), class_code=told.kind.code, family=told.kind.family,
        lng=float("nan") if blind else ORIGIN[0] + x / 101_000,
        lat=float("nan") if blind else ORIGIN[1] + y / 111_195,
        at=told.at, due=told.at + 3 * DAY_S, ended=told.ended,
        address=block if rng.random() < 0.5 else 0, reporter=reporter,
        channel=("worker", "public")[int(rng.random() < 0.4)], photos=photos, head=words_of(title),
        words=words_of(f"{title}\n{said}"),
    )  # fmt: skip


def _sayings(rng: np.random.Generator, kind: Kind, where: str) -> tuple[str, str]:
    """A title and a text, either of which may be empty."""
    opening, place = _one(rng, OPENINGS), where if rng.random() < 0.7 else where[:3]
    thing, state = _one(rng, kind.things), _one(rng, kind.states)
    title = f"{place}{thing}{state}" if rng.random() < 0.4 else ""
    if rng.random() < 0.15:
        return title, ""
    return title, f"{opening}{place}{thing}{state}，{_one(rng, ENDINGS)}"


def _one(rng: np.random.Generator, choices: tuple[str, ...]) -> str:
    return choices[int(rng.integers(len(choices)))]


def _shared(rng: np.random.Generator, first: Matter | None) -> tuple[tuple[int, ...], int]:
    """Photos and reporter, now and then those of the report that told of it before."""
    photos: tuple[int, ...] = (int(rng.integers(1, 1 << 62)),) if rng.random() < 0.5 else ()
    reporter = int(rng.integers(1, 4000)) if rng.random() < 0.5 else 0
    if first is not None and first.photos and photos and rng.random() < 0.12:
        photos = (first.photos[0] ^ (1 << int(rng.integers(62))),)
    if first is not None and first.reporter and rng.random() < 0.06:
        reporter = first.reporter
    return photos, reporter
