"""The demo site's words: an invented journal of an invented shoreline.

`{url:slug}` becomes the address of another post, `{figure:name}` a picture of config/demo/pictures.py.
"""

from dataclasses import dataclass, field

TITLE = "Tidewater Notes"
TAGLINE = "A journal of one shoreline"
ABOUT = (
    "One creek, one stick with marks on it, and whatever the tide brings in. "
    "Notes are made on the bank and written up in the evening."
)
KEEPER = "The keeper"
KEEPER_BIO = "Keeps the gauge, the boat and this journal. Not an expert in any of the three."

SERIES = "Reading the gauge"
SERIES_SAYS = "A stick with marks on it, what it says, and what the printed table says instead."
PARTS = ["storm-log-hour-by-hour", "the-gauge-in-forty-lines", "what-the-tide-table-leaves-out"]


@dataclass
class Words:
    slug: str
    title: str
    days_ago: float  # less than 0: still to come
    body: str
    labels: list[str] = field(default_factory=list)
    excerpt: str = ""
    picture: str = ""  # the cover
    fields: dict = field(default_factory=dict)  # whatever else of blog.Post


CAPTIONS = {
    "dusk": (
        "A low sun over five lines of hills, each darker than the one behind it.",
        "Half an hour before low water, from the north bank.",
    ),
    "boat": (
        "A small red boat with cream sails on still water, its reflection below it.",
        "Patience, on the one windless evening in June.",
    ),
    "geese": (
        "A wavering line of geese above fogbound hills, reeds in front.",
        "Eleven of them. I heard the twelfth.",
    ),
}

LONG = """
<p>Every harbour office along this coast sells the same small book. It lists two high waters and two low waters for
each day, to the minute, and it is nearly always wrong by a little.<sup><a href="{url:the-gauge-in-forty-lines}">1</a>
</sup> I wanted to know how little, so I drove a marked stick into the creek below the house and began to write the
numbers down.</p>
<h2>The stick</h2>
<p>It is an ash pole with a groove cut every five centimetres. On calm days you can read it from the bank; in wind you
wade. The first thing I learned is that <a href="{url:storm-log-hour-by-hour}">barometers matter more than clocks</a>.
The second is that a stick in a creek collects weed, string and, once, a hat.</p>
{figure:dusk}
<p>A pole in a creek does not stand in the sea. It stands in whatever the creek has made of the sea by then, and that
is the point of it: nobody here lives at the harbour mouth. We live two bends up, where the water comes in under the
road and stops, some nights, at the second stair.</p>
<p>Reading it is a habit more than a science. I settled on these rules in the first week and have kept them:</p>
<ul>
<li>Read the water <em>between</em> the ripples, never the top of one.</li>
<li>Write down the time first, then the height. The other way round, you guess the time.</li>
<li>If you missed it, leave the line empty. An empty line is a reading too.</li>
</ul>
<blockquote><p>A falling glass lifts the sea a centimetre for every millibar.</p></blockquote>
<h2>What a year showed</h2>
<p>Seven hundred and five tides, less the ones I slept through, came to this:</p>
<table>
<caption>The stick against the book, in minutes (plus means that the water was late)</caption>
<thead><tr><th scope="col">Season</th><th scope="col">Readings</th><th scope="col">Mean difference</th>
<th scope="col">Largest</th></tr></thead>
<tbody>
<tr><th scope="row">Winter</th><td>141</td><td>+6</td><td>38</td></tr>
<tr><th scope="row">Spring</th><td>173</td><td>+4</td><td>19</td></tr>
<tr><th scope="row">Summer</th><td>190</td><td>+1</td><td>8</td></tr>
<tr><th scope="row">Autumn</th><td>164</td><td>+7</td><td>41</td></tr>
</tbody>
</table>
<h3>Why it is late</h3>
<p>The book is made for the harbour mouth. By the time the tide has found its way past two bends, a mussel bed and the
old sluice, it has lost a few minutes and some of its temper. That part is the same every day, and could be taken off
with a pencil.</p>
<p>It is also the part that people here have always known. Ask anybody over sixty when high water is and you get the
book's figure and “and a bit”. I have now measured the bit. It is between four and seven minutes, and was received in
the shop with great calm.</p>
<h3>Why it is not always late by the same</h3>
<p>The rest is weather. A north-easterly holds the water in; a high glass presses it down. The correction I use now
fits on one line, and is right about as often as the forecast it needs:</p>
<pre><code class="language-python">height += (1013 - pressure_hpa) * 0.01   # metres
minutes_late = 4 + wind_north_east_bft * 1.5
</code></pre>
<p>I tried to do better. There are models that know the shape of the whole bay, and somebody was kind enough to run one
for me. It was wrong by nine minutes on the day of the surge, and by nothing at all on a Tuesday in June; my line was
wrong by eleven and by one. The model needs a computer the size of the boathouse. My line needs a barometer, which
hangs in the hall and was a wedding present, though not mine.</p>
<h2>What it is good for</h2>
<p>None of this makes the book useless. It makes it a book about the moon, and leaves the weather to us. If you want
to try it on your own creek, this is all it takes:</p>
<ol>
<li>A pole longer than you think, and something heavy to drive it with.</li>
<li>A notebook that does not mind rain.</li>
<li>A year.</li>
</ol>
<p>The whole series of readings is on paper, in a biscuit tin, and may be looked at by anybody who brings biscuits.</p>
"""

POSTS = [
    Words(
        "first-low-water",
        "First low water",
        706,
        """<p>I came here for a weekend, to see about a leak. The leak turned out to be the sea, which comes up through
        the floor of the boathouse twice a day and goes away again without being asked.</p>
        <p>It seemed rude not to take notes.</p>""",
        ["notes"],
    ),
    Words(
        "counting-waders-badly",
        "Counting waders, badly",
        471,
        """<p>There are three ways to count a flock that will not stand still. I have now tried all of them.</p>
        <ol><li><strong>One by one.</strong> Works up to nine.</li>
        <li><strong>By tens.</strong> Hold up your hands, frame ten birds, and move the frame along. The birds move the
        other way.</li>
        <li><strong>By photograph.</strong> Accurate, if you remember to press the button before the dog arrives.</li>
        </ol><p>Saturday's figures: 9, about 140, and 212 with a dog in front. I have put down 200.</p>""",
        ["birds", "measuring"],
        fields={"comments_mode": "closed"},
    ),
    Words(
        "the-ferry-bell",
        "The ferry bell",
        352,
        """<p>The ferry stopped before I was born, but its bell still hangs from the post on the far bank, and in a
        south-westerly it rings by itself. People here say somebody wants to cross.</p>
        <blockquote><p>It is only the wind. But we always used to look.</p></blockquote>
        <p>I asked who used to answer it. “Whoever was nearest,” she said, and went back to her peas.</p>""",
        ["walks", "notes"],
    ),
    Words(
        "storm-log-hour-by-hour",
        "Storm log, hour by hour",
        263,
        """<p>Written down as it came, with a pencil, because pens are of no use in that kind of rain.</p>
        <table><caption>The night of the surge</caption>
        <thead><tr><th scope="col">Hour</th><th scope="col">Glass</th><th scope="col">Wind</th>
        <th scope="col">Stick</th></tr></thead>
        <tbody><tr><td>18:00</td><td>996</td><td>6</td><td>2.10 m</td></tr>
        <tr><td>20:00</td><td>989</td><td>8</td><td>2.85 m</td></tr>
        <tr><td>22:00</td><td>981</td><td>9</td><td>3.40 m</td></tr>
        <tr><td>00:00</td><td>979</td><td>9</td><td>not seen</td></tr>
        <tr><td>02:00</td><td>984</td><td>7</td><td>3.05 m</td></tr></tbody></table>
        <p>At midnight there was no stick, because there was no bank. It was still there in the morning, leaning a
        little, with somebody's hat on it.</p>""",
        ["weather", "tides", "measuring"],
        "The glass, the wind and the water through one bad night, every two hours until the stick went under.",
    ),
    Words(
        "eleven-words-for-mud",
        "Eleven words for mud",
        172,
        """<p>Collected from people who have to walk through it. The spelling is mine and they disagree about it.</p>
        <ul><li><strong>Slub</strong>: the top finger, that takes your print and gives it back.</li>
        <li><strong>Sleech</strong>: grey, fine, good for bricks.</li>
        <li><strong>Warp</strong>: what a flood leaves on a field, and the farmer thanks it for.</li>
        <li><strong>Ooze</strong>: everybody's word, and nobody's.</li>
        <li><strong>Blue</strong>: old mud, from below. It smells of matches.</li>
        <li><strong>Pug</strong>: worked with the feet until it does as it is told.</li></ul>
        <p>The other five were the same word, said with more feeling as the boot came off.</p>""",
        ["walks", "notes"],
    ),
    Words(
        "the-gauge-in-forty-lines",
        "The gauge, in forty lines",
        121,
        """<p>People asked how the readings get from a wet notebook to a chart. There is no secret: I type them in on
        Sunday, and a short script compares them with the book.</p>
        <pre><code class="language-python">from statistics import mean

def lateness(readings, book):
    \"\"\"Minutes between the printed high water and the one that came.\"\"\"
    for day, seen in readings:
        printed = min(book[day], key=lambda t: abs(t - seen))
        yield day, (seen - printed).total_seconds() / 60

late = dict(lateness(readings, book))
print(f"{len(late)} tides, {mean(late.values()):+.0f} minutes")
</code></pre>
        <p>The other thirty lines read the notebook's handwriting, which is to say that they are full of
        <code>if</code>.</p>""",
        ["measuring", "tools"],
        "How a wet notebook becomes a chart: a Sunday, a pot of tea and a very short script.",
    ),
    Words(
        "mending-a-net-without-swearing",
        "Mending a net without swearing",
        83,
        """<p>Taught to me on an upturned crate, in an afternoon, by somebody who has done it for sixty years and did
        not look at her hands once.</p>
        <ol><li>Find the hole's edge, not its middle. Cut back to whole meshes on three sides.</li>
        <li>Load the needle with less twine than you think. A full needle sticks; a stuck needle starts the swearing.
        </li><li>Start at the top left. Knot round the mesh <em>and</em> the twine, and pinch until it bites.</li>
        <li>Gauge each new mesh on your finger. Everybody's net fits its mender's hand.</li>
        <li>Finish at the bottom right. If you do not, there is a hole.</li></ol>
        <p>Mine took three hours and has eleven corners.</p>""",
        ["tools"],
    ),
    Words(
        "آب-که-برمی-گردد",
        "آب که برمی‌گردد",
        46,
        """<p>مادربزرگم می‌گفت دریا هیچ‌وقت چیزی را نمی‌برد؛ فقط قرض می‌گیرد. بیست سال بعد، کنار نهری که روزی دو بار پر و
        خالی می‌شود، تازه فهمیدم منظورش چه بود.</p>
        <h2>چوب و دفتر</h2>
        <p>هر روز ارتفاع آب را از روی چوبی که در گل فرو کرده‌ام می‌خوانم و در دفتر می‌نویسم. بعضی روزها باد عددها را جابه‌جا
        می‌کند و بعضی روزها من خواب می‌مانم. جای خالیِ آن روزها هم بخشی از دفتر است.</p>
        <blockquote><p>آب که برمی‌گردد، همان آب نیست؛ ما هم همان آدم نیستیم.</p></blockquote>
        <p>این یادداشت را به فارسی نوشتم چون بعضی چیزها را فقط به زبان مادری می‌شود دید.</p>""",
        ["یادداشت", "tides"],
        "یادداشتی کوتاه دربارهٔ جزر و مد، دفتر، و چیزهایی که دریا قرض می‌گیرد.",
        fields={"language": "fa"},
    ),
    Words(
        "geese-in-fog",
        "Geese in fog",
        31,
        """<p>You hear them for ten minutes before there is anything to see, and for ten minutes afterwards. In between
        there is about as long as it takes to find your glasses.</p>
        <p>They come down the creek because it is the one dark line in all that grey. I stood still under it and was
        taken, I think, for a post.</p>""",
        ["birds", "weather"],
        "Ten minutes of sound, four seconds of geese.",
        "geese",
    ),
    Words(
        "a-boat-called-patience",
        "A boat called Patience",
        12,
        """<p>She is four metres long, sixty years old and was red when I got her. She still is, in places.</p>
        <p>The name was on the transom already. I thought of changing it until I had rowed her home against the ebb,
        which took from lunch to supper, and saw that it was not a name but a piece of advice.</p>
        <h2>What she needs</h2>
        <ul><li>Two planks, port side.</li><li>Oakum, and somebody who knows what to do with it.</li>
        <li>A mast step that is not a piece of a pallet.</li></ul>
        <p>What she does not need, according to everybody who has leaned on the gate so far, is an engine. According to
        the ebb, she does.</p>""",
        ["boats", "tools"],
        "Four metres, sixty years, two rotten planks, and some advice painted on the stern.",
        "boat",
    ),
    Words(
        "what-the-tide-table-leaves-out",
        "What the tide table leaves out",
        3,
        LONG,
        ["tides", "measuring", "weather"],
        "A year of reading the printed times against a stick in the mud, and what the difference turned out to be.",
        fields={
            "seo_title": "What the tide table leaves out: a year of readings",
            "seo_description": "How far the printed tide table is off on one creek, season by season, and why.",
        },
    ),
    Words(
        "how-to-read-this-journal",
        "How to read this journal",
        330,
        """<p>From the top, for the news; from the <a href="/archive/">archive</a>, for the seasons; or by label, if you
        are only here for the <a href="/label/birds/">birds</a>.</p>
        <p>If you only read one thing, read <a href="{url:what-the-tide-table-leaves-out}">what the tide table leaves
        out</a>. If something is wrong, please say so under the post. I read every comment before it appears, usually in
        the evening, and I answer the ones that catch me out.</p>""",
        ["notes"],
        "Where to start, and what happens to a comment.",
        fields={"pinned": True},
    ),
    Words(
        "spring-tides-a-forecast",
        "Spring tides: a forecast",
        -6,
        """<p>The book says 07:12 on Saturday. The stick says 07:20, if the wind stays where it is. The first reader to
        tell me what it really was gets a biscuit.</p>""",
        ["tides", "weather"],
        "Saturday, 07:12 by the book. I say 07:20.",
    ),
    Words(
        "a-map-of-the-creek",
        "Towards a map of the creek",
        1,
        """<p>Paced out so far: boathouse to first bend, 212 steps. First bend to sluice, 340, less the ditch.</p>
        <p>To do: the far bank, at low water, with better boots.</p>""",
        ["walks", "measuring"],
        fields={"status": "draft"},
    ),
]

PAGES = [
    Words(
        "about",
        "About",
        700,
        """<p>This is a journal of one shoreline: a creek, a boathouse that floods, and a stick with marks on it. It is
        written by the person who reads the stick.</p>{figure:dusk}
        <p>Nothing here is for sale, nobody is measured but the tide, and the pictures were drawn by the software that
        shows them to you.</p>
        <h2>Getting in touch</h2>
        <p>Leave a comment under a post. They are all read, and most of them are right.</p>""",
    ),
    Words(
        "privacy",
        "Privacy",
        690,
        """<p>Anybody may comment; no account is needed. A person reads each comment before it appears.</p>
        <h2>What is welcome</h2>
        <ul><li>Corrections, above all of figures.</li><li>Your own creek.</li><li>Disagreement with the post.</li></ul>
        <h2>What is not</h2>
        <ul><li>Advertising, however well meant.</li><li>Disagreement with another reader's right to be here.</li></ul>
        <h2>What is kept</h2>
        <p>Your name, your text and your website, if you give one, are shown. Your e-mail address is never shown and is
        used for nothing but your own comment. Anonymous pages set no cookie, and nothing is loaded from anybody else's
        server.</p>""",
    ),
]
