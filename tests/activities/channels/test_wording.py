"""How messages are marked and cut."""

from hypothesis import given
from hypothesis import strategies as st

from activities.channels.wording import brief_of, fitted, subject_of, text_of, whole_of
from tests.activities.channels.samples import message

NOTE = "……（消息过长，以下从略）"


def test_a_subject_has_one_line_and_keeps_its_beginning() -> None:
    sent = message(subject="【2026-12-07止】甲\r\nBcc: x@y.cn")
    assert subject_of(sent, repeated=False) == "【2026-12-07止】甲 Bcc: x@y.cn"
    assert subject_of(sent, repeated=True).startswith("【2026-12-07止】")


def test_only_a_repeat_is_marked() -> None:
    sent = message()
    for word in (subject_of, text_of, whole_of):
        assert "可能重复" not in word(sent, repeated=False)
        assert "可能重复" in word(sent, repeated=True)
    assert brief_of(sent, 300, repeated=False) == sent.brief
    assert brief_of(sent, 300, repeated=True) == sent.brief + "（可能重复）"


def test_a_text_is_cut_after_a_line() -> None:
    assert fitted("一\n二\n三", lambda text: len(text) < 20) == "一\n二\n三"
    assert fitted("一\n" * 30, lambda text: len(text) <= 20) == f"一\n一\n一\n{NOTE}"


def test_one_endless_line_is_cut_within() -> None:
    assert fitted("一" * 90, lambda text: len(text) <= 20) == f"{'一' * 6}\n{NOTE}"


@given(
    st.text(alphabet="一a\n", min_size=1), st.integers(40, 200), st.sampled_from(["", "【期限】"])
)
def test_what_is_cut_fits_and_keeps_its_ending(text: str, longest: int, ending: str) -> None:
    cut = fitted(text, lambda some: len(some.encode()) <= longest + 20, ending)
    assert len(cut.encode()) <= longest + 20
    assert cut.endswith(ending)
    kept = cut.removesuffix(ending).removesuffix("\n").removesuffix(NOTE).removesuffix("\n")
    assert text.startswith(kept) or kept == text
