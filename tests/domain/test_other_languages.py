"""Lines in other languages than English: a turn keeps its tag, abbreviations end nothing."""

from __future__ import annotations

import pytest

from bot.domain.languages import language_of
from bot.domain.lines import lines_of
from bot.domain.story import MAX_LINE

CUT = [
    ("fr", "« Entrez ! » dit M. Dupont. | Elle entra, p. ex. sans un mot. | « Vous voilà… enfin. »"),
    ("fr", "— Je ne sais pas. Peut-être demain, dit-il. | Il referma la porte. | La nuit tombait."),
    ("fr", "— Non ! s’écria-t-elle. Jamais !"),
    ("fr", "— Va-t’en. Je ne veux plus te voir. Ni toi, ni personne."),
    ("fr", "Mme Lebrun habitait rue St. Jacques, au no. 5. | Pourquoi ? | Nul ne le sait."),
    ("de", "„Geh“, sagte Dr. Meyer. „Jetzt.“ | Sie ging z. B. am 3. Mai nach Hause. | Am 24. Dezember kam sie."),
    ("de", "»Was ist los?«, fragte er. | Niemand antwortete."),
    ("es", "—No sé —dijo Ana—. Mañana. —Cerró la puerta—. ¿Vienes?"),
    ("es", "—¡Fuera! —gritó la Sra. Paz. | Luego se sentó. | Nadie dijo nada."),
    ("es", "¿Quién es? | ¡Nadie! | Vivía en la Av. Colón, núm. 5."),
    ("it", "«Vieni», disse il sig. Rossi. «Subito.» | Lei uscì. | Perché? | Non si sa."),
    ("pt", "— Não — disse a Sra. Lima. — Nunca mais. | Saiu. | A porta bateu com força."),
    ("nl", "‘Ga weg,’ zei dhr. Jansen. | Het was o.a. koud, d.w.z. te koud. | Mevr. de Vries lachte."),
    ("pl", "— Nie wiem — powiedział p. Nowak. — Może jutro. | Zamknął drzwi. | Padał deszcz."),
    ("pl", "„Idź!” — krzyknął. | Nikt się nie ruszył. | Był r. 1920."),
    ("fi", "– Mene pois, sanoi hra Virtanen. | Hän meni esim. kotiin. | Kukaan ei nähnyt."),
    ("sv", "”Gå”, sa hon. ”Nu.” | Dörren stängdes."),
    ("ru", "— Иди сюда, — сказал г-н Иванов. — Сейчас же. | Она ушла, т. е. исчезла. | А. С. Пушкин спал."),
    ("ru", "«Иди!» — крикнул он. | Это был я. | Он ушёл."),
    ("el", "«Έλα», είπε ο κ. Παπάς. | Πού πας; | Δεν ξέρω."),
    ("el", "«Πού πας;» | Εκείνη έφυγε στη θάλασσα και δεν ξαναγύρισε ποτέ πια. | Κανείς δεν την είδε."),
    ("he", '"הלכתי לד"ר כהן," אמרה רות. "הוא לא היה שם." | הדלת נסגרה. | בחוץ ירד גשם.'),
    ("he", '"בוא!" אמר דוד. | אף אחד לא זז.'),
    ("ar", "«إلى أين؟» قالت مريم. «لا أعرف.» | أغلق د. أحمد الباب. | لماذا؟ | كان المطر يهطل."),
    ("hi", "“कहाँ जा रहे हो?” उसने पूछा। “कहीं नहीं।” | डॉ. शर्मा चले गए। | सब सो गए॥"),
    ("th", "“ไปไหนมา” เขาถาม “ตลาด” เธอตอบ ฝนตกทั้งคืน"),
    (
        "ja",
        "「どこへ行くの？」と彼女が聞いた。「待って！」 | 雪だ。 | 風もあった。",
    ),
    ("ja", "「なぜ？ねえ？」 | 雨が降っていた！ | 誰も知らない。"),
    ("zh", "“走吧。”她说。 | 他没有走。 | “为什么？你不想走？” | 雨下着……没有人知道！ | 他说：“好。” | 然后走了。"),
    ("ko", "“어디 가?” 그녀가 물었다. | 아무도 몰랐다. | 5시였다."),
]


@pytest.mark.parametrize(("language", "lines"), CUT)
def test_is_cut_as_the_language_has_it(language: str, lines: str):
    expected = lines.split(" | ")
    text = ("" if language in ("ja", "zh") else " ").join(expected)
    assert [text[line.start : line.end] for line in lines_of(text, language=language)] == expected


THAI = "เขาเดินไปที่ตลาดในตอนเช้าตรู่แล้วซื้อปลาสองตัวกับผักอีกหนึ่งกำ"


def test_thai_is_cut_at_spaces():
    text = " ".join([THAI] * 12)
    lines = [text[line.start : line.end] for line in lines_of(text, language="th")]
    assert all(len(line) <= MAX_LINE and line.split(" ") == [THAI] * (line.count(" ") + 1) for line in lines)
    assert len(lines) == 3


@pytest.mark.parametrize(("language", "sentence"), [("fr", "Il dort là. "), ("ru", "Он спит. "), ("zh", "他睡了。")])
def test_a_long_paragraph_is_cut_at_each_of_its_sentences(language: str, sentence: str):
    text = (sentence * 700).strip()
    lines = [text[line.start : line.end] for line in lines_of(text, language=language)]
    assert lines == [sentence.strip()] * 700


def test_chinese_is_cut_behind_its_commas():
    text = "他走了，" * 100
    lines = [text[line.start : line.end] for line in lines_of(text, language="zh")]
    assert all(line.endswith("，") and len(line) <= MAX_LINE for line in lines)


@pytest.mark.parametrize(("language", "lines"), CUT)
def test_a_text_tells_its_language(language: str, lines: str):
    texts = [other for known, other in CUT if known == language]
    if language in ("pt", "nl", "pl", "sv", "fi"):
        texts += [PAGES[language]]
    assert language_of("und", texts) == language


PAGES = {
    "pt": "Ele não sabia para onde ela tinha ido, mas a casa estava vazia e os gatos dormiam ao sol, um de cada lado.",
    "nl": "Hij wist niet waar ze was, en het huis was leeg. De kat sliep op een stoel, met haar staart in de zon.",
    "pl": "Nie wiedział, gdzie ona jest, ale w domu było pusto i na stole stał tylko kubek. To był jej kubek.",
    "sv": "Han visste inte var hon var, och det var tomt i huset. Det låg en katt på stolen som inte hade en svans.",
    "fi": "Hän ei tiennyt missä se oli, ja talo oli tyhjä. Kissa nukkui tuolilla niin kuin se olisi kotona.",
}


@pytest.mark.parametrize(
    ("stated", "text", "language"),
    [
        ("en", PAGES["nl"], "nl"),  # what a program wrote into a file's head
        ("nb-NO", "Det var tomt i huset, og han visste ikke hvor hun var. Det lå en katt på stolen.", "nb"),
        ("uk", "Він не знав, де вона. Дім був порожній.", "uk"),
        ("en", "Он не знал, где она.", "ru"),
        ("ja", "静寂。", "ja"),
        ("vi", "Anh không biết cô ấy ở đâu.", "vi"),
        ("und", "Hmm. 12.", "en"),
        ("und", "", "en"),
        ("en-GB", "He did not know where she was. «Où?»", "en"),
        ("und", "He did not know where she was, and said so in Ελληνικά.", "en"),
    ],
)
def test_what_is_stated_decides_where_the_text_leaves_a_doubt(stated: str, text: str, language: str):
    assert language_of(stated, [text]) == language
