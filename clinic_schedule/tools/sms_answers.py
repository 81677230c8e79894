"""What a patient says in a short message that answers ours."""

import unicodedata
from typing import Literal

Answer = Literal["confirm", "cancel", "stop", "unclear"]

# Whole messages only: “yes, but later” has to be read by a person. Letters are folded,
# “ё” is “е”. Words typed with the other keyboard's letters are not guessed at.
PHRASES: dict[str, Answer] = {
    **dict.fromkeys(
        (
            "1",
            "+",
            "да",
            "ага",
            "приду",
            "придем",
            "буду",
            "будем",
            "да приду",
            "да буду",
            "подтверждаю",
            "да подтверждаю",
            "ок",
            "da",
            "yes",
            "y",
            "ok",
            "confirm",
        ),
        "confirm",
    ),
    **dict.fromkeys(
        (
            "2",
            "нет",
            "не приду",
            "не придем",
            "не буду",
            "нет не приду",
            "отмена",
            "отменить",
            "отмените",
            "отменяю",
            "нет отмена",
            "net",
            "no",
            "n",
            "cancel",
        ),
        "cancel",
    ),
    **dict.fromkeys(("стоп", "stop", "unsubscribe", "отписаться"), "stop"),
}


def read_answer(text: str) -> Answer:
    """The answer in ``text``; *unclear* unless all of it is one of the known phrases.

    Case, spaces, punctuation and pictures do not matter, nor does a word said twice; a
    question mark does, since a question is no answer.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    if "?" in folded:
        return "unclear"
    kept = "".join(sign if sign.isalnum() or sign == "+" else " " for sign in folded)
    phrase = " ".join(dict.fromkeys(kept.split()))
    return PHRASES.get(phrase, "unclear")


def keepable(text: str) -> str:
    """``text`` without what a database cannot keep: zeros and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()
