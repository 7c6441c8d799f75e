"""Why a drill cannot be held."""

from onegrid.kernel.refusals import Refusal


class NoSuchStage(Refusal):
    code = "cases.drill-no-stage"
    zh = "场景中没有环节“{stage}”，可选：{stages}。"
    en = "The scenario has no stage '{stage}'; choose one of: {stages}."


class NoSuchPerson(Refusal):
    code = "cases.drill-no-post"
    zh = "在“{code}”范围内没有角色为“{role}”的岗位可以加人。该场景用到的角色：{roles}。"
    en = "There is no post of role '{role}' within '{code}'. Roles at hand: {roles}."


class BadWhatIf(Refusal):
    code = "cases.drill-bad-what-if"
    zh = "“{given}”无法识别：时限写成“环节=3 working days”，加人写成“角色”或“角色@区划代码”。"
    en = "'{given}' cannot be read: a limit is STAGE=3 working days, a person is ROLE or ROLE@CODE."


class BadHabits(Refusal):
    code = "cases.drill-bad-habits"
    zh = "演练的假定有误：{why}。"
    en = "The assumptions of the drill are wrong: {why_en}."


class NoHistory(Refusal):
    status = 409
    code = "cases.drill-no-history"
    zh = "“{name}”在本市没有历史事件，无法按历史流量演练；请改用 --stream synthetic。"
    en = "There are no past cases of '{key}' in this city; use --stream synthetic."


class NoCity(Refusal):
    status = 404
    code = "cases.drill-no-city"
    zh = "数据库服务器上没有名为“{city}”的城市数据，现有：{cities}。"
    en = "There is no city database '{city}' on this server; there are: {cities}."


class NoFile(Refusal):
    status = 404
    code = "cases.drill-no-file"
    zh = "找不到或无法读取场景文件 {file}。"
    en = "The scenario file {file} is missing or unreadable."


class NobodyToRecord(Refusal):
    status = 404
    code = "cases.drill-nobody-to-record"
    zh = "没有可用的账号“{username}”，演练结果没有记入场景项目。"
    en = "There is no open account '{username}' of a person: the drill was not kept with the project."


class NothingComes(Refusal):
    code = "cases.drill-nothing-comes"
    zh = "没有可模拟的流量：“{name}”的类别不在类别字典中，或本市没有网格。"
    en = "Nothing can come in: the classes of '{key}' are not in the dictionary, or the city has no grids."


class DrillInterrupted(Refusal):
    status = 500
    code = "cases.drill-interrupted"
    zh = "演练进程多次中断（被终止，或内存不足），没有得出结果。请减少天数或每天事件数后重新提交。"
    en = "The drill's process ended early again and again (killed, or out of memory): order a smaller drill."


class NoDrill(Refusal):
    status = 404
    code = "cases.no-drill"
    zh = "没有找到这次演练，或您所在单位不负责该场景。"
    en = "There is no such drill, or your unit does not answer for its scenario."


class VersionOrDraft(Refusal):
    code = "cases.drill-version-or-draft"
    zh = "请只选其一：指定版本号，或提交草案文本。"
    en = "Name a version or send the text of a draft, not both."


class TooManyCases(Refusal):
    code = "cases.drill-too-many"
    zh = "{days} 天约 {cases:,} 件，超过一次演练的上限 {most:,} 件。请减少天数或每天事件数。"
    en = "About {cases} cases in {days} days are more than one drill takes ({most}): ask for fewer."


class TooManyWaiting(Refusal):
    status = 409
    code = "cases.drill-queue-full"
    zh = "已有 {count} 个演练在排队。演练逐个进行，请等前面的完成后再提交。"
    en = "{count} drills are waiting; they are held one by one. Order yours when some are done."
