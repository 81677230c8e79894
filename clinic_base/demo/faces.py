"""Faces of people who do not exist, drawn by code."""

from io import BytesIO

from PIL import Image, ImageDraw

SIZE = 512
SKINS = ("#f3d0b0", "#e8b995", "#d9a17a", "#f7dcc4", "#c98d63")
HAIRS = ("#2f1f17", "#5a3a22", "#8a5a2b", "#c69c5b", "#1c1c22", "#9a9aa2", "#7a2f1d")
GROUNDS = ("#d5efe9", "#e3ecf7", "#f6ead7", "#efe3f2", "#e4f2dd", "#fbe3e1")
COATS = ("#ffffff", "#e6f4f1", "#dce9f5")
SHIRTS = ("#0d9488", "#3b6ea5", "#8c4a6b", "#5b7553", "#7a6a9c")
DARK = "#3a2a24"


def draw(chance, sex):
    """A portrait as PNG.

    :param chance: ``random.Random``; the same gives the same face
    :param sex: "f" or "m"
    """
    image = Image.new("RGB", (SIZE, SIZE), chance.choice(GROUNDS))
    pen = ImageDraw.Draw(image)
    skin, hair = chance.choice(SKINS), chance.choice(HAIRS)
    width = chance.randint(98, 112)
    if sex == "f":
        _draw_long_hair(pen, chance, hair, width)
    _draw_coat(pen, chance, skin)
    _draw_head(pen, skin, width)
    _draw_hair(pen, chance, hair, width, sex)
    _draw_features(pen, chance, hair, sex)
    if chance.random() < 0.35:
        _draw_glasses(pen)
    stream = BytesIO()
    # Drawn large and made small, so that edges are smooth.
    image.resize((SIZE // 2, SIZE // 2), Image.Resampling.LANCZOS).save(stream, "PNG")
    return stream.getvalue()


def _draw_coat(pen, chance, skin):
    coat, shirt = chance.choice(COATS), chance.choice(SHIRTS)
    pen.ellipse((66, 370, 446, 720), fill=coat, outline="#c5d3d8", width=3)
    pen.polygon(((206, 378), (306, 378), (256, 470)), fill=shirt)
    pen.rounded_rectangle((222, 320, 290, 408), 30, fill=skin)
    pen.line(((196, 384), (256, 480), (316, 384)), fill="#c5d3d8", width=5)


def _draw_head(pen, skin, width):
    pen.ellipse((256 - width, 116, 256 + width, 370), fill=skin)
    for side in (-1, 1):
        middle = 256 + side * width
        pen.ellipse((middle - 16, 228, middle + 16, 276), fill=skin)


def _draw_long_hair(pen, chance, hair, width):
    bottom = chance.choice((300, 360, 410))
    pen.rounded_rectangle(
        (256 - width - 26, 96, 256 + width + 26, bottom), 100, fill=hair
    )


def _draw_hair(pen, chance, hair, width, sex):
    top = 96 if sex == "f" else chance.choice((92, 100, 106))
    box = (256 - width - 8, top, 256 + width + 8, 330)
    pen.chord(box, 194 if sex == "f" else 200, 346 if sex == "f" else 340, fill=hair)
    if sex == "m" and chance.random() < 0.35:
        pen.chord((256 - width + 10, 230, 256 + width - 10, 374), 20, 160, fill=hair)


def _draw_features(pen, chance, hair, sex):
    for side in (-1, 1):
        middle = 256 + side * 44
        pen.ellipse((middle - 17, 228, middle + 17, 252), fill="#ffffff")
        pen.ellipse((middle - 10, 229, middle + 10, 251), fill=DARK)
        pen.ellipse((middle - 2, 232, middle + 5, 239), fill="#ffffff")
        lift = chance.randint(-2, 3)
        pen.arc(
            (middle - 24, 206 - lift, middle + 24, 234),
            200,
            340,
            fill=hair,
            width=6 if sex == "f" else 9,
        )
    pen.arc((240, 240, 272, 286), 20, 160, fill="#b9805c", width=4)
    smile = "#b5483f" if sex == "f" else "#8f4a3c"
    depth = chance.randint(318, 330)
    pen.chord((220, 282, 292, depth), 12, 168, fill=smile)


def _draw_glasses(pen):
    for left in (184, 268):
        pen.rounded_rectangle((left, 218, left + 60, 264), 18, outline=DARK, width=5)
    pen.line(((244, 236), (268, 236)), fill=DARK, width=5)
