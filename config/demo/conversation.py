"""What the demo site's readers say. Invented people; addresses that can belong to nobody (example domains)."""

from dataclasses import dataclass, field

WELCOME = "Corrections are welcome, above all of figures. So is your own creek."
APPROVED, PENDING, REJECTED, SPAM, REMOVED = "approved", "pending", "rejected", "spam", "removed"


@dataclass
class Said:
    name: str  # empty: the post's author
    text: str
    hours: float  # after the post, or after what it answers
    fate: str = APPROVED
    mail: str = ""
    url: str = ""
    replies: list["Said"] = field(default_factory=list)


MUDLARK = {"mail": "mudlark@example.org"}
HANNE = {"mail": "hanne@example.com", "url": "https://example.com/hanne"}
SAHEL = {"mail": "sahel@example.net"}

UNDER = {
    "what-the-tide-table-leaves-out": [
        Said(
            "Mudlark",
            "The autumn figure is the wind, surely? We see the same up the estuary whenever it sits in the north-east"
            " for two days.",
            7,
            **MUDLARK,
            replies=[
                Said(
                    "",
                    "Mostly, yes. I will split the table by wind next time.",
                    10.5,
                    replies=[
                        Said(
                            "Hanne V.",
                            "Please do. And could the columns have the number of readings each? Forty-one minutes on"
                            " <em>one</em> bad day is a story, on ten it is a fact.",
                            5,
                            **HANNE,
                            replies=[Said("Mudlark", "Stories first. Facts are for the winter.", 2, **MUDLARK)],
                        )
                    ],
                ),
                Said(
                    "Old Wharf",
                    "In the north-east it is the sluice. They keep it shut a day longer than they say.",
                    14,
                    mail="wharf@example.org",
                ),
            ],
        ),
        Said(
            "ساحل",
            "یادداشت بسیار خوبی بود. آیا جدول کامل را هم منتشر می‌کنید؟",
            22,
            **SAHEL,
            replies=[Said("", "ممنونم. جدول کامل روی کاغذ است؛ این زمستان آن را رونویسی می‌کنم.", 6)],
        ),
        Said(
            "T. Marsh",
            "A correction, since you ask for them:\n\n<blockquote>A falling glass lifts the sea a centimetre for every"
            " millibar.</blockquote>\n\nOn open water, yes. In a creek it piles up: I get <strong>1.3 cm</strong>, two"
            " bends in. My line is <code>h += (1013 - p) * 0.013</code>, for what it is worth.",
            40,
            mail="marsh@example.com",
        ),
        Said(
            "Ines",
            "Why an ash pole? Mine is larch and has stood for nine years. I would rather recut the grooves every spring"
            " than replace the stick, but perhaps your worms are different from ours.\n\nAlso: what do you do about"
            " ice? We lost a good one to it, and found it again in April on the other side of the bay, still upright.",
            66,
            PENDING,
            mail="ines@example.net",
        ),
        Said("Passing through", "first time here. lovely. that is all", 69, PENDING, mail="passing@example.org"),
        Said(
            "Best Prices",
            "Very informative article!!! We offer TIDE TABLES wholesale, visit"
            ' <a href="https://shop.example.com/cheap">our shop</a> https://shop.example.com/cheap'
            " https://shop.example.com/today",
            30,
            SPAM,
            mail="sales@shop.example.com",
            url="https://shop.example.com/",
        ),
        Said(
            "No Name",
            "People who measure mud should get a proper job and so should everybody who answers them.",
            33,
            REJECTED,
            mail="noname@example.org",
        ),
    ],
    "a-boat-called-patience": [
        Said(
            "Ferryman's Nephew",
            "That mast step <b>is</b> a piece of a pallet. I know because I put it there.",
            20,
            mail="nephew@example.org",
            replies=[Said("", "It held from lunch to supper. Thank you.", 3)],
        ),
        Said("Hanne V.", "Which red? Ours has gone pink in four summers.", 49, **HANNE),
        Said(
            "Oakum",
            "I can come on Thursday with a mallet and two irons. Leave the gate open and put the kettle on.",
            270,
            PENDING,
            mail="oakum@example.com",
        ),
    ],
    "geese-in-fog": [
        Said("Mudlark", "The twelfth came over here, complaining.", 5, **MUDLARK),
        Said(
            "B. Reed",
            "Pink-footed or greylag? From the call you can tell even in fog: two notes or three.",
            26,
            mail="reed@example.net",
            url="https://example.net/reed",
            replies=[Said("", "Two notes, I think. I was busy being a post.", 4)],
        ),
        Said(
            "Gatepost",
            "My telephone number is on the gate, ring me if you see them again.",
            30,
            REMOVED,
            mail="gate@example.org",
        ),
    ],
    "آب-که-برمی-گردد": [
        Said(
            "نسیم",
            "«فقط قرض می‌گیرد» چه جملهٔ زیبایی. مادربزرگ من همین را دربارهٔ باد می‌گفت.",
            8,
            mail="nasim@example.org",
            replies=[Said("", "شاید همه‌شان یک مادربزرگ بوده‌اند.", 5)],
        ),
        Said(
            "ساحل",
            "لطفاً بیشتر به فارسی بنویسید. عکس چوب را هم بگذارید تا ببینیم آب تا کجا بالا می‌آید.",
            1094,
            PENDING,
            **SAHEL,
        ),
    ],
    "mending-a-net-without-swearing": [
        Said("Old Wharf", "Eleven corners is not a net, it is a constellation.", 12, mail="wharf@example.org"),
        Said("Hanne V.", "Step 2 is the whole secret. Nobody told me for years.", 31, **HANNE),
    ],
    "the-gauge-in-forty-lines": [
        Said(
            "kestrel",
            "You could drop the <code>min(...)</code> if the book were sorted:\n\n<pre>bisect.bisect_left(book[day],"
            " seen)</pre>\n\nNot that it matters at two tides a day.",
            15,
            mail="kestrel@example.com",
            url="https://example.com/kestrel",
        ),
    ],
    "eleven-words-for-mud": [
        Said("Mudlark", "<i>Slub</i>, with a short u. You have it right and they are wrong.", 9, **MUDLARK),
        Said(
            "T. Marsh", "Twelve: <i>clart</i>. It is what is still on the boots next day.", 21, mail="marsh@example.com"
        ),
        Said(
            "Nan's Lodger",
            "My landlady says your number six is rude where she comes from.",
            4100,
            PENDING,
            mail="lodger@example.org",
        ),
    ],
    "counting-waders-badly": [Said("B. Reed", "The dog should be counted.", 10, mail="reed@example.net")],
}
