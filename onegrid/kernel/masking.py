"""Masking: what a screen shows of a name, a citizen number or a phone when the whole is not called for."""

from onegrid.kernel.identifiers import Phone, PhoneKind, check_phones, plain

_COMPOUND_SURNAMES = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "轩辕"}
    | {"夏侯", "长孙", "宇文", "端木", "百里", "南宫", "独孤", "司空", "呼延", "闻人", "公冶", "申屠"}
    | {"太叔", "澹台", "淳于", "单于", "万俟", "赫连", "濮阳", "钟离", "鲜于", "闾丘", "亓官", "拓跋"}
    | {"完颜", "纳兰", "西门", "第五", "东郭", "南门", "左丘", "宰父", "谷梁", "段干", "张简", "范姜"}
)


def mask_name(name: str) -> str:
    """Keep the surname: 张*, 欧阳**. A compound surname is kept whole when a given name follows."""
    name = name.strip()
    if len(name) < 2:
        return "*" * len(name)
    kept = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:kept] + "*" * (len(name) - kept)


def mask_citizen_number(number: str, *, last_only: bool = False) -> str:
    """Keep the first six and last four: 350583********002X; for pages of citizens only the last four.

    What does not have the length of a citizen number is hidden whole."""
    value = plain(number)
    if len(value) not in {15, 18}:
        return "*" * len(value)
    first = 0 if last_only else 6
    return value[:first] + "*" * (len(value) - first - 4) + value[-4:]


def mask_phone(text: str) -> str:
    """Hide four digits of each number: 138****5678, 0595-****2345.

    Service numbers are public and stay; what is no phone number is hidden whole."""
    return "、".join(map(_masked, check_phones(text)))


def _masked(phone: Phone) -> str:
    value = phone.value
    if phone.kind is PhoneKind.SERVICE:
        return value
    if phone.kind is PhoneKind.MOBILE:
        return f"{value[:3]}****{value[7:]}"
    if phone.kind is PhoneKind.LANDLINE:
        line_at = value.find("-") + 1
        return f"{value[:line_at]}****{value[line_at + 4 :]}"
    return "*" * len(value)
