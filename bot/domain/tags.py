"""Words that tell who speaks, by which narration after speech is known to be its tag.

Where letters have cases a tag begins with a small one, unless with a name or, in English, "I". Where
they have none, only its verb tells ``“走吧。”她说。`` from a sentence of its own.
"""

from __future__ import annotations

import re

_VERBS = (
    "said|says|say|asked|asks|told|replied|answered|called|cried|shouted|yelled|screamed|whispered|"
    "muttered|murmured|mumbled|hissed|growled|snarled|snapped|barked|gasped|panted|breathed|sighed|"
    "groaned|moaned|grunted|sobbed|laughed|chuckled|giggled|snorted|scoffed|added|agreed|admitted|"
    "announced|argued|assured|began|begged|bellowed|blurted|boomed|chimed|chirped|choked|commanded|"
    "commented|complained|conceded|concluded|confessed|continued|countered|croaked|decided|declared|"
    "demanded|denied|drawled|echoed|ended|enquired|exclaimed|explained|finished|grumbled|guessed|"
    "hollered|howled|inquired|insisted|interjected|interrupted|intoned|joked|lied|mouthed|mused|"
    "nodded|noted|objected|observed|offered|ordered|pleaded|pointed out|pressed|promised|prompted|"
    "protested|put in|quipped|quoted|reasoned|recited|remarked|reminded|repeated|responded|retorted|"
    "roared|ruled|sang|shrieked|shrugged|smiled|grinned|sneered|sniffed|spat|squeaked|squealed|"
    "stammered|started|stated|stuttered|suggested|supplied|swore|teased|thought|thundered|translated|"
    "urged|ventured|volunteered|wailed|warned|went on|whimpered|whined|wondered|croaks|whispers|"
    "mutters|murmurs|replies|answers|calls|cries|shouts|adds|thinks|corrected|informed|greeted|"
    "instructed|advised|proposed|challenged|cursed|rasped|purred|crooned|cooed|read"
)
TAG = re.compile(rf"\s+(?:[\w.'’-]+\s+){{1,4}}?(?:{_VERBS})\b")
"""An English tag, with the white space before it, that may begin with a name."""

_WORD = r"[^\s.!?。！？।؟,،，、]+"
_CASELESS_TAG = re.compile(
    # Chinese: 她说。 李明低声问道，
    r"\s*[^\s。！？，,.!?…“”「」]{0,10}?(?:说|說|道|问|問|答|喊|叫|嚷|骂|罵|喃喃|低语|低語|回应|回應)[着著了道]?(?=[。！？，,：:…]|\Z)"
    # Japanese: と彼女は言った。 彼女が言う。
    r"|\s*(?:と|って)(?=[^\s])|\s*[^\s。！？「」]{0,12}?(?:言った|言う|いった|訊いた|聞いた|尋ねた|答えた|叫んだ|呟いた|つぶやいた|囁いた)(?=[。、]|\Z)"
    # Korean: 그녀가 말했다.
    rf"|\s*(?:{_WORD}\s+){{0,4}}?(?:{_WORD})?(?:말했다|물었다|대답했다|외쳤다|속삭였다|소리쳤다|중얼거렸다|말한다|묻는다|답했다)"
    # Hindi, Bengali
    rf"|\s*(?:{_WORD}\s+){{0,4}}?(?:कहा|पूछा|बोला|बोली|बोले|चिल्लाया|चिल्लाई|फुसफुसाया|फुसफुसाई|বলল|বললেন|বলে)(?=[\s।,.]|\Z)"
    # Arabic, as in "said Maryam"
    r"|\s*و?(?:قال|قالت|سأل|سألت|أجاب|أجابت|صاح|صاحت|صرخ|صرخت|همس|همست|تمتم|ردّ?|ردّ?ت|هتف|هتفت)\b"
    # Hebrew, the same
    r"|\s*(?:אמר|אמרה|אמרו|שאל|שאלה|ענה|ענתה|השיב|השיבה|לחש|לחשה|צעק|צעקה|קרא|קראה|מלמל|מלמלה)\b"
    # Thai, as in "he asked"
    r"|\s*[\u0e00-\u0e7f]{0,20}?(?:พูด|ถาม|ตอบ|กล่าว|ตะโกน|กระซิบ|ร้อง|บอก)"
)

_INVERTED = re.compile(
    r"-(?:t-)?(?:il|elle|on|ils|elles|je)\b"
    r"|\b(?:dit|répondit|demanda|fit|murmura|cria|reprit|ajouta|souffla|lança|lâcha|déclara|s['’]écria|s['’]exclama"
    r"|sanoi|kysyi|vastasi|huusi|kuiskasi|sa|sade|frågade|svarade|sagde|spurgte|svarede|sagte|fragte|rief"
    r"|said|asked|replied|answered|cried|whispered|είπε|ρώτησε|απάντησε|φώναξε|mondta|kérdezte|felelte)\b"
)
"""The tag of a turn that begins with a dash, in languages that set no second dash before it."""


def follows_as_tag(text: str, start: int, stop: int) -> bool:
    """Whether narration from the end of a speech at ``start`` on is that speech's tag, name first."""
    if TAG.match(text, start, stop):
        return True
    at = start
    while at < stop and text[at].isspace():
        at += 1
    return at < stop and text[at] >= "\u0590" and _CASELESS_TAG.match(text, start, stop) is not None


def last_tag(text: str, start: int, stop: int) -> int:
    """Where the last thing that sounds like a tag stands in a turn that begins with a dash, or -1."""
    last = -1
    for found in _INVERTED.finditer(text, start, stop):
        last = found.start()
    return last
