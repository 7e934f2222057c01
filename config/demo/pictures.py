"""The demo site's pictures, drawn here pixel by pixel: nobody's photographs, no file to carry along."""

import io
import math
import random
import struct
import zlib

WIDTH, HEIGHT = 1200, 640
Colour = tuple[int, int, int]
Point = tuple[float, float]


class Picture:
    def __init__(self, sky: list[tuple[float, Colour]]) -> None:
        """`sky` is a gradient from top to bottom: (place from 0 to 1, colour)."""
        self.rows = [bytearray(bytes(between(sky, y / HEIGHT)) * WIDTH) for y in range(HEIGHT)]

    def blend(self, x: int, y: int, colour: Colour, share: float) -> None:
        row, at = self.rows[y], 3 * x
        for channel in range(3):
            row[at + channel] += round((colour[channel] - row[at + channel]) * share)

    def ridge(self, tops: list[float], upper: Colour, lower: Colour, depth: float = 160) -> None:
        """Fills everything under a line, fading from `upper` at its highest point to `lower`."""
        highest, lowest = min(tops), max(tops)
        for y in range(max(0, math.floor(highest)), HEIGHT):
            colour = mix(upper, lower, min(1, (y - highest) / depth))
            if y >= lowest:
                self.rows[y][:] = bytes(colour) * WIDTH
                continue
            row = self.rows[y]
            for x, top in enumerate(tops):
                if y >= top:
                    row[3 * x : 3 * x + 3] = bytes(colour)
                elif y + 1 > top:
                    self.blend(x, y, colour, y + 1 - top)

    def glow(self, cx: int, cy: int, radius: int, colour: Colour, share: float) -> None:
        # The slowest part of a picture, so the square root and the blending are done once for each distance.
        shares = [share * (1 - math.sqrt(i) / 100) ** 2 for i in range(10_001)]
        scale = 10_000 / radius**2
        red, green, blue = colour
        for y in range(max(0, cy - radius), min(HEIGHT, cy + radius)):
            row, above = self.rows[y], (y - cy) ** 2
            half = math.isqrt(max(0, radius**2 - above))
            for x in range(max(0, cx - half), min(WIDTH, cx + half)):
                part, at = shares[int((above + (x - cx) ** 2) * scale)], 3 * x
                row[at] += int((red - row[at]) * part)
                row[at + 1] += int((green - row[at + 1]) * part)
                row[at + 2] += int((blue - row[at + 2]) * part)

    def disc(self, cx: float, cy: float, radius: float, colour: Colour, share: float = 1) -> None:
        for y in range(int(cy - radius) - 1, int(cy + radius) + 2):
            for x in range(int(cx - radius) - 1, int(cx + radius) + 2):
                inside = min(1, radius + 0.5 - math.hypot(x - cx, y - cy))
                if inside > 0:
                    self.blend(x, y, colour, inside * share)

    def polygon(self, points: list[Point], colour: Colour, share: float = 1) -> None:
        """With soft edges: each row is cut four times, and the cuts' ends count by parts of a pixel."""
        edges = list(zip(points, points[1:] + points[:1], strict=True))
        top, bottom = (int(limit(y for _x, y in points)) for limit in (min, max))
        for y in range(max(0, top), min(HEIGHT, bottom + 1)):
            covered: dict[int, float] = {}
            for cut in (y + 0.125, y + 0.375, y + 0.625, y + 0.875):
                xs = sorted(
                    ax + (cut - ay) * (bx - ax) / (by - ay)
                    for (ax, ay), (bx, by) in edges
                    if (ay <= cut) != (by <= cut)
                )
                for left, right in zip(xs[::2], xs[1::2], strict=True):
                    for x in range(max(0, int(left)), min(WIDTH, int(right) + 1)):
                        part = max(0, min(right, x + 1) - max(left, x))
                        covered[x] = covered.get(x, 0) + part / 4
            for x, part in covered.items():
                self.blend(x, y, colour, min(1, part) * share)

    def stroke(self, points: list[Point], width: float, colour: Colour, share: float = 1) -> None:
        """A line that is thickest in its middle, like a brush's."""
        last = len(points) - 1
        upper, lower = [], []
        for number, (x, y) in enumerate(points):
            half = width / 2 * math.sin(math.pi * (0.1 + 0.8 * number / last))
            upper.append((x, y - half))
            lower.append((x, y + half))
        self.polygon(upper + lower[::-1], colour, share)

    def png(self) -> io.BytesIO:
        raw = b"".join(b"\0" + bytes(row) for row in self.rows)
        header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
        parts = [(b"IHDR", header), (b"IDAT", zlib.compress(raw, 6)), (b"IEND", b"")]
        chunks = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
        return io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def mix(one: Colour, other: Colour, share: float) -> Colour:
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


def between(stops: list[tuple[float, Colour]], place: float) -> Colour:
    for (start, first), (end, second) in zip(stops, stops[1:], strict=False):
        if place <= end:
            return mix(first, second, (place - start) / (end - start))
    return stops[-1][1]


def hills(seed: int, level: float, height: float, width: float) -> list[float]:
    """The top of a line of hills at every column: waves of falling size, smoothed between random points."""
    tops = [level] * WIDTH
    for octave in range(5):
        randomly = random.Random(seed * 10 + octave)  # noqa: S311
        step = width / 2**octave
        points = [randomly.uniform(-1, 1) for _ in range(int(WIDTH / step) + 3)]
        for x in range(WIDTH):
            whole, part = divmod(x / step, 1)
            smooth = part * part * (3 - 2 * part)
            here, there = points[int(whole)], points[int(whole) + 1]
            tops[x] -= (here + (there - here) * smooth) * height / 2.3**octave
    return tops


def ripples(picture: Picture, seed: int, top: int, colour: Colour, share: float, centre: float, spread: float) -> None:
    """Short flat strokes on water, wider apart and longer towards the front."""
    randomly = random.Random(seed)  # noqa: S311
    y = float(top)
    while y < HEIGHT - 4:
        near = (y - top) / (HEIGHT - top)
        for _ in range(3):
            x = randomly.gauss(centre, spread * (0.35 + near))
            half = randomly.uniform(10, 26) * (0.5 + 2.2 * near)
            picture.stroke([(x - half, y), (x, y), (x + half, y)], 1.2 + 2.8 * near, colour, share)
        y += 3 + 9 * near


def dusk() -> io.BytesIO:
    picture = Picture([(0, (236, 208, 168)), (0.35, (231, 178, 142)), (0.62, (214, 140, 122)), (1, (190, 120, 115))])
    picture.glow(860, 265, 330, (255, 236, 200), 0.6)
    picture.disc(860, 265, 62, (253, 240, 214))
    layers = [
        (3, 372, 58, 420, (150, 140, 150), (172, 150, 152)),
        (4, 420, 48, 360, (117, 126, 143), (140, 140, 152)),
        (5, 470, 44, 330, (84, 104, 124), (104, 118, 134)),
        (6, 528, 36, 300, (60, 82, 102), (72, 92, 110)),
        (7, 592, 30, 260, (38, 56, 74), (30, 46, 62)),
    ]
    for seed, level, height, width, upper, lower in layers:
        picture.ridge(hills(seed, level, height, width), upper, lower)
    return picture.png()


def boat() -> io.BytesIO:
    picture = Picture([(0, (172, 200, 210)), (0.3, (206, 220, 216)), (0.56, (242, 230, 208)), (1, (242, 230, 208))])
    picture.glow(330, 330, 300, (255, 244, 222), 0.7)
    picture.ridge(hills(11, 338, 26, 380), (154, 176, 180), (176, 192, 190), 60)
    picture.ridge(hills(12, 354, 14, 260), (112, 140, 146), (140, 162, 164), 40)
    picture.ridge([368.0] * WIDTH, (214, 216, 204), (92, 132, 146), 290)
    ripples(picture, 2, 374, (250, 240, 216), 0.55, 330, 90)
    ripples(picture, 3, 380, (74, 112, 128), 0.22, 700, 420)
    sail, hull, dark = (246, 238, 222), (152, 52, 44), (46, 52, 56)
    for flip, share in ((-1, 0.3), (1, 1.0)):  # first the reflection

        def at(x: float, y: float, flip: int = flip) -> Point:
            return x, 470 - flip * y * (1 if flip > 0 else 0.82)

        picture.polygon([at(645, 26), at(645, 232), at(520, 40), at(560, 28)], sail, share)
        picture.polygon([at(648, 30), at(648, 214), at(736, 34)], mix(sail, (206, 190, 170), 0.5), share)
        picture.polygon([at(644, 0), at(644, 240), at(649, 240), at(649, 0)], dark, share)
        picture.polygon(
            [at(500, 22), at(520, -2), at(560, -14), at(700, -14), at(744, -2), at(776, 26), at(640, 16)], hull, share
        )
        picture.polygon([at(500, 22), at(640, 16), at(776, 26), at(774, 20), at(640, 10), at(504, 17)], sail, share)
    ripples(picture, 5, 486, (226, 224, 210), 0.28, 640, 130)
    return picture.png()


def geese() -> io.BytesIO:
    picture = Picture([(0, (196, 204, 202)), (0.45, (222, 224, 216)), (0.8, (206, 208, 198)), (1, (176, 182, 172))])
    picture.glow(380, 210, 300, (250, 246, 230), 0.75)
    picture.disc(380, 210, 44, (252, 250, 238), 0.85)
    for seed, level, height, tone in ((21, 430, 40, 188), (22, 478, 34, 168), (23, 530, 26, 146)):
        picture.ridge(hills(seed, level, height, 340), (tone, tone + 6, tone + 2), (214, 216, 208), 120)
    for number in range(-6, 5):
        away = abs(number)
        x, y = 700 + number * 58 + away * 6, 150 + away * 27 + (9 if number % 2 else 0)
        size, grey = 27 - away * 1.6, (58 + away * 9, 66 + away * 9, 68 + away * 9)
        lift = 0.75 if number % 3 else -0.35
        for side in (-1, 1):
            wing = [(x, y), (x + side * size * 0.5, y - lift * size * 0.55), (x + side * size, y - lift * size * 0.3)]
            picture.stroke(wing, size * 0.26, grey)
        picture.stroke([(x - size * 0.5, y + 1), (x, y), (x + size * 0.75, y + 2)], size * 0.24, grey)
    randomly = random.Random(9)  # noqa: S311
    for _ in range(230):
        x, tall = randomly.uniform(-10, WIDTH + 10), randomly.uniform(24, 120) * randomly.uniform(0.5, 1)
        lean, tone = randomly.uniform(-16, 22), randomly.randint(44, 104)
        tip = (x + lean, HEIGHT - tall)
        stem = [(x - 1.6, HEIGHT + 2), (x + lean * 0.35 - 1, HEIGHT - tall * 0.6), tip, (x + lean * 0.35 + 1, HEIGHT - tall * 0.6), (x + 1.6, HEIGHT + 2)]  # fmt: skip  # noqa: E501
        picture.polygon(stem, (tone, tone + 8, tone - 2), 0.9)
    return picture.png()


PICTURES = {"dusk": dusk, "boat": boat, "geese": geese}
