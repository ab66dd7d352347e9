"""Words that readers mix up: contractions and what they stand for, and stems that join inflections.

English first, because that is what most libraries hold; in other languages the rules do no harm,
they only find less. Words are in search form (see ``bot.domain.text``): lower case, no accents,
straight apostrophes.
"""

from __future__ import annotations

_WHOLE = {
    "can't": "can not", "cant": "can not", "cannot": "can not", "won't": "will not", "wont": "will not",
    "shan't": "shall not", "shant": "shall not", "ain't": "is not", "aint": "is not", "let's": "let us",
    "lets": "let us", "o'clock": "oclock", "'tis": "it is", "tis": "it is", "twas": "it was",
    "dont": "do not", "didnt": "did not", "doesnt": "does not", "couldnt": "could not",
    "wouldnt": "would not", "shouldnt": "should not", "isnt": "is not", "arent": "are not",
    "wasnt": "was not", "werent": "were not", "hadnt": "had not", "havent": "have not",
    "hasnt": "has not", "mustnt": "must not", "neednt": "need not", "im": "i am", "ive": "i have",
    "youre": "you are", "youve": "you have", "youll": "you will", "youd": "you would",
    "theyre": "they are", "theyve": "they have", "theyll": "they will", "theyd": "they would",
    "weve": "we have", "thats": "that is", "whats": "what is", "theres": "there is", "whos": "who is",
    "hes": "he is", "shes": "she is", "its": "it is", "itll": "it will", "thatll": "that will",
    "gonna": "going to", "wanna": "want to", "gotta": "got to", "em": "them",
}  # fmt: skip
"""Contractions, and the ways they are typed without an apostrophe. "its" joins "it's", because
readers use either for both."""

_TAILS = {"re": "are", "m": "am", "ve": "have", "ll": "will", "d": "would"}
_BEFORE_IS = frozenset(
    "it that he she there what who where here how when why everything nothing something everyone".split()
)
"""Words after which 's is far more often "is" than a possessive."""


def written_out(word: str) -> tuple[str, ...]:
    """A word with its contraction written out: ``don't``, ``dont`` -> ``do``, ``not``.

    A possessive keeps its s and loses its apostrophe (``river's`` -> ``rivers``).
    """
    whole = _WHOLE.get(word)
    if whole is not None:
        return tuple(whole.split())
    if "'" not in word:
        return (word,)
    if word.endswith("n't"):
        return (word[:-3].replace("'", "") or "not", "not") if len(word) > 3 else ("not",)
    head, _, tail = word.rpartition("'")
    head = head.replace("'", "")
    if tail in _TAILS and head:
        return (head, _TAILS[tail])
    if tail == "s" and head in _BEFORE_IS:
        return (head, "is")
    return (head + tail,)


_FAMILIES = """
be is was are were am been being|have has had having|do does did done doing|say says said saying
go goes went gone going|come comes came coming|see sees saw seen seeing|know knows knew known knowing
think thinks thought thinking|take takes took taken taking|give gives gave given giving
find finds found finding|tell told tells telling
make made makes making|get got gets gotten getting|keep kept keeps keeping
feel felt feels feeling|leave left leaves leaving|speak spoke spoken speaks speaking
stand stood stands standing
sit sat sits sitting|hear heard hears hearing|run ran runs running|fall fell falls fallen falling
write wrote written writes writing|begin began begun begins beginning|hold held holds holding
bring brought brings bringing|will would shall|can could|may might|become became becomes becoming
meet met meets meeting|lose lost loses losing|forget forgot forgotten forgets|rise rose risen rises
fly flew flown flies|wear wore worn wears|buy bought buys|sell sold sells|send sent sends|spend spent spends
child children|man men|woman women|foot feet|tooth teeth|mouse mice|wife wives|knife knives|life lives
eat ate eaten eats|drink drank drunk drinks|sing sang sung sings|break broke broken breaks|throw threw thrown
grow grew grown grows|draw drew drawn|drive drove driven|ride rode ridden|choose chose chosen|hide hid hidden
catch caught|teach taught|seek sought|fight fought|build built|mean meant|sleep slept|win won|lie lay lain
wake woke woken|steal stole stolen|swear swore sworn|tear tore torn|bite bit bitten|shake shook shaken
till until|upon on|anybody anyone|everybody everyone|somebody someone|nobody none no
two 2|three 3|four 4|five 5|six 6|seven 7|eight 8|nine 9|ten 10|mister mr|doctor dr|okay ok|all right alright
"""
_FAMILY = {word: row.split()[0] for line in _FAMILIES.split("\n") for row in line.split("|") for word in row.split()}
_SUFFIXES = ("ingly", "edly", "ings", "ness", "ies", "ied", "ing", "est", "ely", "ily",
             "ed", "es", "ly", "er", "s", "e", "y")  # fmt: skip


def stem(word: str) -> str:
    """What the inflections of a word share: ``walked``, ``walking``, ``walks`` -> ``walk``.

    The stem itself need not be a word.
    """
    family = _FAMILY.get(word)
    if family is not None:
        return family
    if len(word) == 4 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    for _ in range(2):  # rivers -> river -> riv
        if len(word) <= 4:
            break
        fitting = (each for each in _SUFFIXES if word.endswith(each) and len(word) - len(each) >= 3)
        suffix = next(fitting, None)
        if suffix is None:
            break
        word = word[: -len(suffix)]
        if suffix in ("ies", "ied", "ily"):
            return word
    if len(word) > 3 and word[-1] in "eiy":
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sle":
        word = word[:-1]
    return word
