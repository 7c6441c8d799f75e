"""Why a report was rejected or waits in the pool: stable codes with a sentence each."""

from onegrid.kernel.refusals import Refusal


class KeyMissing(Refusal):
    code = "intake.key-missing"
    zh = "缺少上报编号（external_id），或超过 {limit} 个字符。请为每条上报给出唯一编号。"
    en = "The report carries no external id, or one over {limit} characters; give each report its own."


class KeyReused(Refusal):
    status = 409
    code = "intake.key-reused"
    zh = "编号“{external_id}”已用于另一条上报（{report_id}），内容不同。请核对后换一个编号提交。"
    en = "External id '{external_id}' belongs to another report ({report_id}) with other contents."


class NothingSaid(Refusal):
    code = "intake.nothing-said"
    zh = "上报没有内容：请至少填写描述、类别或照片之一。"
    en = "The report says nothing: give a description, a class or a photo."


class TooLong(Refusal):
    code = "intake.too-long"
    zh = "“{field_zh}”有 {length} 个{unit_zh}，超过上限 {limit}。"
    en = "{field} has {length} {unit}; at most {limit} are kept."


class HalfCoordinate(Refusal):
    code = "intake.half-coordinate"
    zh = "坐标只给了一半：经度和纬度要么都填，要么都不填。"
    en = "Only one of longitude and latitude is given."


class NotACoordinate(Refusal):
    code = "intake.not-a-coordinate"
    zh = "（{lng}，{lat}）不是经纬度。经度应在 -180 到 180 之间，纬度应在 -90 到 90 之间，单位为度。"
    en = "({lng}, {lat}) is no place on earth: degrees are expected."


class Swapped(Refusal):
    code = "intake.swapped-coordinate"
    zh = "经度 {lng} 和纬度 {lat} 似乎填反了，请对调后重新提交。"
    en = "Longitude {lng} and latitude {lat} seem to be swapped; exchange them and send again."


class SystemMissing(Refusal):
    code = "intake.system-missing"
    zh = "坐标没有注明坐标系。请注明 WGS84、CGCS2000、GCJ02 或 BD09 之一，不同坐标系相差数百米。"
    en = "The coordinate names no system (WGS84, CGCS2000, GCJ02 or BD09); they lie hundreds of metres apart."


class ZoneMissing(Refusal):
    code = "intake.zone-missing"
    zh = "时间“{field_zh}”没有时区。请按 2026-11-24T08:00:00+08:00 的格式填写。"
    en = "The time '{field}' has no time zone; write 2026-11-24T08:00:00+08:00."


class Unstorable(Refusal):
    code = "intake.unstorable"
    zh = "“{field_zh}”含有无法保存的内容。"
    en = "{field} holds contents that cannot be stored."


class PlaceUnknown(Refusal):
    code = "intake.place-unknown"
    zh = "没有坐标，也没有网格，需人工确定所在网格。"
    en = "Neither coordinate nor grid is given; a person must find the grid."


class PlaceOutside(Refusal):
    code = "intake.place-outside"
    zh = "坐标（{lng}，{lat}）不在任何网格内，需人工核对坐标系或所在网格。"
    en = "The coordinate ({lng}, {lat}) lies in no grid; a person must check it."


class PlaceRepeated(Refusal):
    code = "intake.place-repeated"
    zh = "这个坐标在 {days} 天内已出现 {limit} 次以上，应是系统默认点而非现场，需人工确定所在网格。"
    en = "The coordinate came more than {limit} times within {days} days: a fallback point, not the place."


class GridUnknown(Refusal):
    code = "intake.grid-unknown"
    zh = "网格编码“{grid_code}”不存在或已停用，需人工确定所在网格。"
    en = "There is no live grid '{grid_code}'; a person must find the grid."


class ClassUnknown(Refusal):
    code = "intake.class-unknown"
    zh = "看不出属于哪一类事项，需人工选择类别。"
    en = "The matter class could not be told; a person must choose it."


class ClassNotListed(Refusal):
    code = "intake.class-not-listed"
    zh = "类别编码“{class_code}”不在事项分类表中，需人工选择类别。"
    en = "'{class_code}' is no matter class; a person must choose one."


class NoScenario(Refusal):
    code = "intake.no-scenario"
    zh = "“{class_name}”在该地没有正在运行的场景，需人工处理。"
    en = "No scenario is live for '{class_name}' there; a person must decide."


class FormInvalid(Refusal):
    code = "intake.form-invalid"
    zh = "登记表中有 {count} 处填写有误：{first}"
    en = "{count} answers of the registration form are not valid: {first}"


class VerifyFirst(Refusal):
    code = "intake.verify-first"
    zh = "“{channel}”的上报先由受理台核实，再决定是否入格。"
    en = "Reports of this channel are verified by a desk first."


class ManyFromReporter(Refusal):
    code = "intake.many-from-reporter"
    zh = "同一上报人 {hours} 小时内已有 {count} 条上报（上限 {limit} 条），本条先由受理人员核实，不会丢失。"
    en = "{count} reports came from this reporter within {hours} h (limit {limit}); a person looks first."


class ManyFromDevice(Refusal):
    code = "intake.many-from-device"
    zh = "同一设备 {hours} 小时内已有 {count} 条上报（上限 {limit} 条），本条先由受理人员核实，不会丢失。"
    en = "{count} reports came from this device within {hours} h (limit {limit}); a person looks first."


class SameTextAgain(Refusal):
    code = "intake.same-text-again"
    zh = "同一上报人或设备 {hours} 小时内已有 {count} 条同文上报（上限 {limit} 条），本条先由受理人员核实。"
    en = "{count} reports with this text came from one sender within {hours} h (limit {limit})."


class SameTextOfMany(Refusal):
    code = "intake.same-text-of-many"
    zh = "{hours} 小时内已有 {count} 条文字相同且没有地点的上报（上限 {limit} 条），本条先由受理人员核实。"
    en = "{count} reports with this text and no place came within {hours} h (limit {limit})."


class BlankPhotos(Refusal):
    code = "intake.blank-photos"
    zh = "照片是空白的（全黑、全白或单色），也没有文字，需人工核实。"
    en = "The photos are blank (black, white or one colour) and nothing is written; a person must look."


class NothingReadable(Refusal):
    code = "intake.nothing-readable"
    zh = "文字没有内容（只有标点、表情或重复的同一个字），也没有照片和类别，需人工核实。"
    en = "The text says nothing (punctuation, emoji or one repeated character); a person must look."
