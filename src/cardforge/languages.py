"""Names of languages: which are BCP 47 tags, and the tag of a language that somebody wrote out."""

import re

_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?|x(?:-[a-z\d]{1,8})+)",
    re.IGNORECASE,
)
_NAMES = (
    "ar arabic العربية|bg bulgarian български|bn bengali বাংলা|ca catalan català|cs czech čeština|da danish dansk"
    "|de german deutsch|el greek ελληνικά|en english|es spanish español|et estonian eesti|fa persian farsi فارسی"
    "|fi finnish suomi|fr french français|he hebrew עברית|hi hindi हिन्दी|hr croatian hrvatski|hu hungarian magyar"
    "|id indonesian indonesia|it italian italiano|ja japanese 日本語|ko korean 한국어|la latin|lt lithuanian lietuvių"
    "|lv latvian latviešu|nb norwegian norsk|nl dutch nederlands|pl polish polski|pt portuguese português"
    "|ro romanian română|ru russian русский|sk slovak slovenčina|sl slovenian slovenščina|sr serbian српски"
    "|sv swedish svenska|th thai ไทย|tr turkish türkçe|uk ukrainian українська|ur urdu اردو|vi vietnamese"
    "|zh chinese mandarin 中文 汉语"
)
_TAG_OF = {name: tag for row in _NAMES.split("|") for tag, *names in (row.split(),) for name in names}


def tag_trouble(tag: str) -> str | None:
    """What to do about a language that is no BCP 47 tag (RFC 5646, 2.1); None for one that is, registered or not."""
    if not tag or _TAG.fullmatch(tag):
        return None
    dashed = tag.strip().partition(".")[0].replace("_", "-")
    first = re.split(r"[\s(,-]", tag.casefold())[0]
    near = _TAG_OF.get(tag.casefold()) or _TAG_OF.get(first) or (dashed if _TAG.fullmatch(dashed) else None)
    return f"Did you mean {near}?" if near else "Write its tag, like en, pt-BR or zh-Hant."
