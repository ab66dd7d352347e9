"""Numbers as headings write them: digits, roman, and words of the larger European languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_TENTHS = "twentieth thirtieth fortieth fiftieth".split()

ENGLISH = {word: n for n, word in enumerate(_ONES)} | {word: n for n, word in enumerate(_ORDINALS)}
"""Cardinals and ordinals up to ninety-nine, in lower case."""
ENGLISH |= {ten: (n + 2) * 10 for n, ten in enumerate(_TENS)} | {ten: (n + 2) * 10 for n, ten in enumerate(_TENTHS)}
ENGLISH |= {
    f"{ten}{join}{one}": (n + 2) * 10 + m
    for n, ten in enumerate(_TENS)
    for ones in (_ONES, _ORDINALS)
    for m, one in enumerate(ones[1:10], 1)
    for join in ("-", " ", "")
}

# Each list counts from one; forms of one number are parted by a slash.
_COUNTED = (
    # French
    "un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf vingt",
    "premier/première/1er/1ère deuxième/second/seconde troisième quatrième cinquième sixième septième huitième "
    "neuvième dixième onzième douzième treizième quatorzième quinzième seizième dix-septième dix-huitième "
    "dix-neuvième vingtième",
    # German
    "eins/ein zwei drei vier fünf/fuenf sechs sieben acht neun zehn elf zwölf/zwoelf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn zwanzig einundzwanzig zweiundzwanzig dreiundzwanzig vierundzwanzig "
    "fünfundzwanzig sechsundzwanzig siebenundzwanzig achtundzwanzig neunundzwanzig dreißig",
    "erste/erstes/erster zweite/zweites/zweiter dritte/drittes/dritter vierte/viertes/vierter "
    "fünfte/fünftes/fünfter sechste/sechstes/sechster siebte/siebtes/siebter/siebente/siebentes "
    "achte/achtes/achter neunte/neuntes/neunter zehnte/zehntes/zehnter elfte/elftes/elfter "
    "zwölfte/zwölftes/zwölfter dreizehnte/dreizehntes/dreizehnter vierzehnte/vierzehntes/vierzehnter "
    "fünfzehnte/fünfzehntes/fünfzehnter sechzehnte/sechzehntes/sechzehnter siebzehnte/siebzehntes/siebzehnter "
    "achtzehnte/achtzehntes/achtzehnter neunzehnte/neunzehntes/neunzehnter zwanzigste/zwanzigstes/zwanzigster",
    # Spanish
    "uno/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis/dieciseis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco",
    "primero/primer/primera segundo/segunda tercero/tercer/tercera cuarto/cuarta quinto/quinta sexto/sexta "
    "séptimo/séptima octavo/octava noveno/novena décimo/décima undécimo/undécima duodécimo/duodécima "
    "decimotercero/decimotercera decimocuarto/decimocuarta decimoquinto/decimoquinta decimosexto/decimosexta "
    "decimoséptimo/decimoséptima decimoctavo/decimoctava decimonoveno/decimonovena vigésimo/vigésima",
    # Italian
    "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove venti ventuno ventidue ventitré ventiquattro venticinque",
    "primo/prima secondo/seconda terzo/terza quarto/quarta quinto/quinta sesto/sesta settimo/settima "
    "ottavo/ottava nono/nona decimo/decima undicesimo/undicesima dodicesimo/dodicesima tredicesimo/tredicesima "
    "quattordicesimo/quattordicesima quindicesimo/quindicesima sedicesimo/sedicesima "
    "diciassettesimo/diciassettesima diciottesimo/diciottesima diciannovesimo/diciannovesima "
    "ventesimo/ventesima",
    # Portuguese
    "um/uma dois/duas três/tres quatro cinco seis sete oito nove dez onze doze treze catorze/quatorze quinze "
    "dezasseis/dezesseis dezassete/dezessete dezoito dezanove/dezenove vinte",
    "primeiro/primeira segundo/segunda terceiro/terceira quarto/quarta quinto/quinta sexto/sexta sétimo/sétima "
    "oitavo/oitava nono/nona décimo/décima",
    # Dutch
    "een/één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien twintig eenentwintig tweeëntwintig drieëntwintig vierentwintig vijfentwintig",
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende "
    "vijftiende zestiende zeventiende achttiende negentiende twintigste",
    # Swedish
    "ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo",
    "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte trettonde fjortonde "
    "femtonde sextonde sjuttonde artonde nittonde tjugonde",
    # Danish and Norwegian
    "en/et/én/ett to tre fire fem seks syv/sju otte/åtte ni ti elleve/elve tolv tretten fjorten femten seksten sytten "
    "atten nitten tyve/tjue",
    "første anden/andet/andre tredje fjerde femte sjette syvende/sjuende ottende/åttende niende tiende "
    "ellevte tolvte trettende fjortende femtende sekstende syttende attende nittende tyvende/tjuende",
    # Polish
    "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście "
    "piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście dwadzieścia",
    "pierwszy/pierwsza drugi/druga trzeci/trzecia czwarty/czwarta piąty/piąta szósty/szósta siódmy/siódma "
    "ósmy/ósma dziewiąty/dziewiąta dziesiąty/dziesiąta jedenasty/jedenasta dwunasty/dwunasta "
    "trzynasty/trzynasta czternasty/czternasta piętnasty/piętnasta szesnasty/szesnasta siedemnasty/siedemnasta "
    "osiemnasty/osiemnasta dziewiętnasty/dziewiętnasta dwudziesty/dwudziesta",
    # Russian
    "один/одна два/две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать "
    "четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать",
    "первый/первая вторая/второй третья/третий четвёртая/четвертая/четвёртый/четвертый пятая/пятый "
    "шестая/шестой седьмая/седьмой восьмая/восьмой девятая/девятый десятая/десятый одиннадцатая/одиннадцатый "
    "двенадцатая/двенадцатый тринадцатая/тринадцатый четырнадцатая/четырнадцатый пятнадцатая/пятнадцатый "
    "шестнадцатая/шестнадцатый семнадцатая/семнадцатый восемнадцатая/восемнадцатый "
    "девятнадцатая/девятнадцатый двадцатая/двадцатый",
    # Ukrainian
    "перший/перша другий/друга третій/третя четвертий/четверта п'ятий/п’ятий/п'ята/п’ята шостий/шоста сьомий/сьома "
    "восьмий/восьма дев'ятий/дев’ятий/дев'ята/дев’ята десятий/десята",
    # Czech and Slovak
    "první/prvý/prvá druhý/druhá třetí/tretí/tretia čtvrtý/čtvrtá/štvrtý/štvrtá pátý/pátá/piaty/piata "
    "šestý/šestá/šiesty/šiesta sedmý/sedmá/siedmy/siedma osmý/osmá/ôsmy/ôsma devátý/devátá/deviaty/deviata "
    "desátý/desátá/desiaty/desiata jedenáctý/jedenáctá dvanáctý/dvanáctá",
    "jedna/jeden dva tři/tri čtyři/štyri pět/päť šest/šesť sedm/sedem osm/osem devět/deväť deset/desať",
    # Croatian, Serbian, Slovene
    "prvo/prvi/prva/прво drugo/drugi/druga/друго treće/treći/tretje/треће četvrto/četrto/четврто peto/пето šesto/шесто "
    "sedmo/седмо osmo/осмо deveto/девето deseto/десето",
    # Hungarian
    "első második harmadik negyedik ötödik hatodik hetedik nyolcadik kilencedik tizedik tizenegyedik tizenkettedik",
    "egy kettő három négy öt hat hét nyolc kilenc tíz",
    # Finnish, Estonian
    "ensimmäinen/esimene toinen/teine kolmas neljäs viides kuudes/kuues seitsemäs/seitsmes kahdeksas/kaheksas "
    "yhdeksäs/üheksas kymmenes/kümnes yhdestoista kahdestoista",
    "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen",
    # Turkish
    "birinci ikinci üçüncü dördüncü beşinci altıncı yedinci sekizinci dokuzuncu onuncu",
    "bir iki üç dört beş altı yedi sekiz dokuz",
    # Romanian; Catalan
    "întâi/întâiul/primul doilea/doi treilea/trei patrulea/patru cincilea/cinci șaselea/şaselea/șase/şase "
    "șaptelea/şaptelea/șapte/şapte optulea/opt nouălea/nouă zecelea/zece",
    "primer segon tercer quart cinquè sisè setè vuitè novè desè",
    # Greek
    "πρώτο/πρωτο/ένα δεύτερο/δευτερο/δύο τρίτο/τριτο/τρία τέταρτο/τεταρτο/τέσσερα πέμπτο/πεμπτο/πέντε έκτο/εκτο/έξι "
    "έβδομο/εβδομο/επτά όγδοο/ογδοο/οκτώ ένατο/ενατο/εννέα δέκατο/δεκατο/δέκα",
    # Arabic, Persian
    "الأول/الاول/اول/أول/یکم الثاني/دوم الثالث/سوم الرابع/چهارم الخامس/پنجم السادس/ششم السابع/هفتم الثامن/هشتم "
    "التاسع/نهم العاشر/دهم",
    # Hebrew: letters that count
    "א/א'/ראשון ב/ב'/שני ג/ג'/שלישי ד/ד'/רביעי ה/ה'/חמישי ו/ו'/שישי ז/ז'/שביעי ח/ח'/שמיני ט/ט'/תשיעי י/י'/עשירי",
)
ALL_WORDS = ENGLISH | {
    form: n
    for counted in _COUNTED
    for n, forms in enumerate(counted.split(), 1)
    for form in forms.split("/")
    if form not in ENGLISH
}
"""Number words of all the languages, in lower case."""

ROMAN = r"(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,4})"
"""Roman numbers below 400, also the ``iiii`` of old books; to be compared without case."""
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_HAN = {char: n for n, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_HAN_UNITS = {"十": 10, "百": 100}
HAN = "[〇零一二三四五六七八九十百两兩]{1,7}"
"""Chinese and Japanese numbers below a thousand."""


_Tree = dict[str, "_Tree"]


def words_pattern(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; it looks at each letter once, however many words there are."""
    tree: _Tree = {}
    for word in words:
        branch = tree
        for char in word:
            branch = branch.setdefault(char, {})
        branch[""] = {}
    return _pattern(tree)


def _pattern(tree: _Tree) -> str:
    branches = [re.escape(char) + _pattern(rest) for char, rest in tree.items() if char]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and "" not in tree else f"(?:{'|'.join(branches)})"
    return f"{joined}?" if "" in tree else joined


def number_of(text: str) -> int:
    """The value of digits, a roman number, a number word or a Han number."""
    if text.isdecimal():
        return int(text)
    # Turkish has a capital "i" with its dot.
    plain = text.replace("İ", "i").casefold()
    if plain in ALL_WORDS:
        return ALL_WORDS[plain]
    if all(char in _ROMAN_VALUES for char in plain):
        values = [_ROMAN_VALUES[char] for char in plain]
        return sum(-value if value < max(values[i:]) else value for i, value in enumerate(values))
    total = digit = 0
    for char in text:
        if char in _HAN_UNITS:
            total += (digit or 1) * _HAN_UNITS[char]
            digit = 0
        else:
            digit = digit * 10 + _HAN.get(char, 0)
    return total + digit
