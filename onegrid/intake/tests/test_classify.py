"""The class of a report: named by the sender, else by its words, else nobody guesses."""

from onegrid.intake.rules.classify import Classifier
from onegrid.intake.rules.reports import Channel, ReportIn

CLASSIFIER = Classifier(
    ["rubbish", "bins", "lamp"],
    {
        "rubbish": ["暴露垃圾", "垃圾堆"],
        "bins": ["垃圾桶满"],
        "lamp": ["路灯不亮", "Street Lamp"],
        "gone": ["大雪"],
    },
)


def report(text: str, code: str | None = None) -> ReportIn:
    return ReportIn(channel=Channel.PUBLIC, external_id="1", description=text, class_code=code)


def test_a_class_named_by_the_sender_stands() -> None:
    assert CLASSIFIER.classify(report("路灯不亮", "bins")).code == "bins"


def test_a_named_class_that_is_not_listed_is_doubted_not_replaced() -> None:
    found = CLASSIFIER.classify(report("路灯不亮", "space-debris"))
    assert found.code is None
    assert found.doubt is not None
    assert found.doubt.code == "intake.class-not-listed"


def test_words_name_the_class() -> None:
    found = CLASSIFIER.classify(report("村口路灯不亮三天了"))
    assert (found.code, found.guessed) == ("lamp", True)
    assert CLASSIFIER.classify(report("the street lamp is out")).code == "lamp"


def test_the_class_that_covers_more_of_the_text_wins() -> None:
    assert CLASSIFIER.classify(report("路边暴露垃圾成了垃圾堆，垃圾桶满")).code == "rubbish"


def test_a_tie_or_no_word_waits_for_a_person() -> None:
    for text in ("垃圾桶满，路灯不亮", "天气不错", "今天大雪"):
        doubt = CLASSIFIER.classify(report(text)).doubt
        assert doubt is not None
        assert doubt.code == "intake.class-unknown"
