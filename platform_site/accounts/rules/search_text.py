"""One column to search by: name, pinyin, initials and company number."""

from pypinyin import Style, lazy_pinyin, load_phrases_dict

# Place names that a general table reads wrongly.
load_phrases_dict(
    {
        "番禺": [["pān"], ["yú"]],
        "东莞": [["dōng"], ["guǎn"]],
        "电白": [["diàn"], ["bái"]],
        "陆丰": [["lù"], ["fēng"]],
        "大埔": [["dà"], ["bù"]],
        "濠江": [["háo"], ["jiāng"]],
    }
)
_LIMIT = 500


def search_text(name: str, *more: str) -> str:
    """Lower-case words: the name, its pinyin in one word, the initials, and what else identifies it."""
    spelled = "".join(lazy_pinyin(name))
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return " ".join(word for word in (name, spelled, initials, *more) if word).lower()[:_LIMIT]
