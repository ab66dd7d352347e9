"""Bytes to text: what is certain, what is guessed and said so, what is refused."""

from __future__ import annotations

import pytest
from ftfy.badness import is_bad

from bot.domain.errors import BadInput
from bot.ingest import encoding
from bot.ingest.encoding import decoded_text
from bot.ingest.reading import read_attached
from bot.strings import PROBLEMS

ENGLISH = "“Well,” said Späth, naïve as ever — he couldn’t.\n" * 20
RUSSIAN = "Глава первая\n\n— Да, — сказал он. — Я иду. Она осталась дома и ждала.\n" * 20
POLISH = "Zażółć gęślą jaźń, powiedział książę i wyszedł na łąkę.\n"
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy, řekla a šla domů.\n"
HUNGARIAN = "Az öreg kőműves űzte a fiúkat, és leült a tűz mellé. Őrült az idő.\n"
TURKISH = "Küçük kız gülümsedi, “Hadi gidelim,” dedi ve şapkasını aldı. Yağmur dinmişti.\n"
ROMANIAN = "El a închis uşa şi a plecat spre pădure. Fetiţa îl aştepta lângă fântână.\n"
FRENCH = "« Où est-il ? » demanda-t-elle. C’était l’été, là-bas, près de la forêt.\n"
GERMAN = "„Geh schon“, sagte sie. Die Tür fiel zu, und es wurde kälter über den Dächern.\n"
JAPANESE = "第一章\n「行け」と彼女は言った。私は本を読みました。\n"
CHINESE = "第一章\n“走吧，”她说。我在家里等了他一天，他没有来。\n"
TAIWANESE = "第一章\n「走吧，」她說。我在家裡等了他一天，他沒有來。\n"
KOREAN = "제1장\n가자, 그녀가 말했다. 나는 집에서 그를 하루 종일 기다렸다.\n"
GREEK = "Κεφάλαιο πρώτο\n\nΠάμε, είπε εκείνη. Εγώ έμεινα στο σπίτι και περίμενα.\n"
HEBREW = "בוא נלך, היא אמרה. אני נשארתי בבית וחיכיתי לו כל היום.\n"
PLAIN_RUSSIAN = "Глава первая\n\nДа, сказал он. Я иду. Она осталась дома и ждала.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN])
def test_unicode_is_certain(text: str, encoding: str):
    assert decoded_text(text.encode(encoding), "a.txt")[:2] == (text, None)


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (ENGLISH, "cp1252", "Windows-1252"),
        (ENGLISH, "mac_roman", "Mac Roman"),
        (POLISH, "cp1250", "Windows-1250"),
        (POLISH, "iso8859_2", "ISO 8859-2"),
        (CZECH, "cp1250", "Windows-1250"),
        (CZECH, "iso8859_2", "ISO 8859-2"),
        (HUNGARIAN, "cp1250", "Windows-1250"),
        (TURKISH, "cp1254", "Windows-1254"),
        (ROMANIAN, "cp1250", "Windows-1250"),
        (FRENCH, "cp1252", "Windows-1252"),
        (GERMAN, "cp1252", "Windows-1252"),
        (RUSSIAN, "cp1251", "cp1251"),
        (PLAIN_RUSSIAN, "koi8_r", "koi8-r"),
        (PLAIN_RUSSIAN, "cp866", "cp866"),
        (GREEK, "cp1253", "cp1253"),
        (HEBREW, "cp1255", "cp1255"),
        (JAPANESE, "shift_jis", "shift-jis"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (CHINESE, "gb18030", "gb18030"),
        (TAIWANESE, "big5", "big5"),
        (KOREAN, "euc_kr", "euc-kr"),
    ],
)
@pytest.mark.parametrize("times", [1, 20])
def test_older_encodings_are_guessed_and_named(text: str, encoding: str, name: str, times: int):
    assert decoded_text((text * times).encode(encoding), "a.txt")[:2] == (text * times, name)


def test_the_whole_file_decides():
    assert decoded_text(b"a\n" * 100_000 + "é".encode("cp1252"), "a.txt").encoding == "Windows-1252"


def test_mojibake_is_put_right_and_counted():
    garbled = RUSSIAN.encode().decode("latin-1")
    decoded = decoded_text(garbled.encode(), "a.txt")
    assert decoded.text == RUSSIAN
    assert decoded.repaired > 0


def test_mojibake_is_put_right_piece_by_piece():
    garbled = "“Well,” said SpÃ¤th, â€œnaÃ¯veâ€ as ever — he couldnâ€™t.\n"
    decoded = decoded_text(garbled.encode(), "a.txt")
    assert decoded.text == "“Well,” said Späth, “naïve” as ever — he couldn’t.\n"


@pytest.mark.parametrize(
    ("garbled", "text"),
    [
        ("â€œWho is there?â€ she said.", "“Who is there?” she said."),
        ("â€œWho is there?â€\ufffd she said. â€œNo.â€", "“Who is there?” she said. “No.”"),
        ("â€œWho is\nthere?â€, she said.", "“Who is\nthere?”, she said."),
        ("â€œWho â€™ere?â€\x9d â€œMe.â€", "“Who ’ere?” “Me.”"),
    ],
)
def test_a_closing_quote_that_lost_a_byte_is_put_right_behind_an_opening_one(garbled: str, text: str):
    assert decoded_text(garbled.encode(), "a.txt").text == text


def test_a_closing_quote_without_an_opening_one_is_left_and_told():
    garbled = "â€œWho is there?\n\nI say,â€ she said â€ and went."
    assert decoded_text(garbled.encode(), "a.txt").text == "“Who is there?\n\nI say,â€ she said â€ and went."
    (story,) = read_attached(f"One.\n\n{garbled}".encode(), "a.txt")
    assert (5, PROBLEMS["mojibake_left"].format(count=2)) in [(p.line, p.message) for p in story.problems]


def test_mojibake_of_a_language_is_looked_at_once_a_piece(monkeypatch: pytest.MonkeyPatch):
    looked: list[str] = []
    monkeypatch.setattr(encoding, "is_bad", lambda text: looked.append(text) or is_bad(text))
    garbled = RUSSIAN.encode().decode("latin-1") * 50
    assert decoded_text(garbled.encode(), "a.txt").text == RUSSIAN * 50
    assert len(looked) < len(RUSSIAN.split())


def test_a_long_run_of_mojibake_is_cut_between_characters():
    text = "привет" * 500
    assert decoded_text(text.encode().decode("latin-1").encode(), "a.txt").text == text


@pytest.mark.parametrize("nul", [b"\0", b"\0\0"])
def test_a_few_nuls_are_no_junk(nul: bytes):
    data = (b"The bell rang." + nul + b"\n\n") * 10
    assert decoded_text(data, "a.txt")[:2] == (data.decode(), None)


@pytest.mark.parametrize("text", ["Ã la carte, “Âge”.", "São Paulo, “Â”.", "naïve — déjà vu"])
def test_what_is_not_garbled_stays(text: str):
    assert decoded_text(text.encode(), "a.txt") == (text, None, 0)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "file_empty"),
        (b"\0\0 \n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\xff\xfe", "file_empty"),
        (b"\xfe\xff", "file_empty"),
        (b"\xff\xfe\0\0", "file_empty"),
        (b"\xff\xfea", "file_not_text"),
        (b"word\0\xff\xd8word\0\0\0", "file_not_text"),
        (bytes(range(256)) * 9, "file_not_text"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, key: str):
    with pytest.raises(BadInput) as refused:
        decoded_text(data, "a.txt")
    assert refused.value.key == key
