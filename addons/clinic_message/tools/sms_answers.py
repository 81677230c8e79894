"""What somebody says in a short message that answers ours."""

import unicodedata
from collections.abc import Mapping

UNCLEAR = "unclear"
# Whole messages only, as with all phrases: “yes, but later” has to be read by a person.
# Letters are folded, “ё” is “е”. Words typed with the other keyboard's letters are not
# guessed at.
STOP = dict.fromkeys(("стоп", "stop", "unsubscribe", "отписаться"), "stop")


def read_answer(text: str, phrases: Mapping[str, str]) -> str:
    """The answer in ``text``; *unclear* unless all of it is one of ``phrases``.

    Case, spaces, punctuation and pictures do not matter, nor does a word said twice; a
    question mark does, since a question is no answer.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    if "?" in folded:
        return UNCLEAR
    kept = "".join(sign if sign.isalnum() or sign == "+" else " " for sign in folded)
    phrase = " ".join(dict.fromkeys(kept.split()))
    return phrases.get(phrase, UNCLEAR)


def keepable(text: str) -> str:
    """``text`` without what a database cannot keep: zeros and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()
