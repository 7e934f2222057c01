"""What the people of a generated site say: patterns of sentences by language, with {} for a thing and # for a number.

Written for this project. Lists stand between commas, the likeliest first.
"""

PATTERNS = {
    "en": [
        "Thank you for the {}, I had been looking for one.",
        "The {} was the best part of this.",
        "We see the same with our {} up the estuary.",
        "Are you sure about the {}? Ours was # cm at most.",
        "My grandmother had a {} and never said a word about it.",
        "I read this twice because of the {}.",
        "Nobody ever explains the {} so well.",
        "The {} is upside down in the second picture.",
        "It took me # minutes to mend the {} with your method.",
        "Please write more about the {}.",
        "I do not agree with what you say about the {}.",
        "Number # is still my favourite.",
        "There was a {} exactly like it at the market, beside a {}.",
        "A small correction: the {} came later.",
        "And what happens to the {} when it rains?",
        "You can leave the {} out and it works just as well.",
    ],
    "fa": [
        "ممنون بابت {}، خیلی وقت بود دنبالش بودم.",
        "بخش {} از همه بهتر بود.",
        "ما هم همین را دربارهٔ {} دیده‌ایم.",
        "دربارهٔ {} مطمئن هستید؟ مال ما # سانت بود.",
        "لطفاً بیشتر دربارهٔ {} بنویسید.",
        "مادربزرگم یک {} داشت و هیچ‌وقت از آن حرف نمی‌زد.",
        "این یادداشت را به خاطر {} دو بار خواندم.",
        "وقتی باران می‌آید {} چه می‌شود؟",
    ],
    "de": [
        "Danke für den Hinweis auf {}, das hatte ich gesucht.",
        "{} hat mir am besten gefallen.",
        "Bei uns am Fluss ist es mit {} genauso.",
        "Sind Sie sicher, was {} angeht? Bei uns waren es # cm.",
        "Bitte mehr über {}.",
        "So gut hat mir noch niemand {} erklärt.",
    ],
    "fr": [
        "Merci pour {}, je cherchais cela depuis longtemps.",
        "Le passage sur {} est le meilleur.",
        "Chez nous, c’est pareil avec {}.",
        "Êtes-vous certain pour {} ? Nous avons mesuré # cm.",
        "Encore un billet sur {}, s’il vous plaît.",
    ],
    "es": [
        "Gracias por {}, lo buscaba desde hace tiempo.",
        "Lo mejor es lo de {}.",
        "Aquí pasa lo mismo con {}.",
        "¿Seguro que {} es así? Nosotros medimos # cm.",
        "Escriba más sobre {}, por favor.",
    ],
}

THINGS = {
    "en": (
        "tide,boat,map,photograph,bread,harbour,table,kettle,net,letter,garden,bicycle,lamp,rope,gauge,bridge,"
        "recipe,window,radio,stove,notebook,ferry,mud,ladder,apple,chart,compass,engine,fence,goose,heron,jetty,"
        "knot,larch,mast,needle,oar,pebble,quay,reed,sail,teapot,umbrella,valve,wharf,yarn,anchor,barometer,"
        "chisel,dinghy,eel,flint,gull,hammer,inkwell,jar,kestrel,lantern,mallet,nutmeg,oyster,plank,quince,rudder,"
        "sluice,tarpaulin,undertow,violin,weir,yawl,zinc,almanac,bellows,curlew,dovetail,eider,fulmar,gannet,"
        "hawser,isobar,jackdaw,kittiwake,limpet,mooring,nightjar,osprey,plover,quern,razorbill,sandpiper,thwart,"
        "urchin,vetch,whelk,sextant,tiller,bladderwrack,theodolite"
    ),
    "fa": "جزر,قایق,نقشه,عکس,نان,بندر,کتری,تور,نامه,باغ,دوچرخه,چراغ,طناب,پل,پنجره,رادیو,نردبان,سیب,لنگر,فانوس",
    "de": "Ebbe,das Boot,die Karte,das Brot,den Hafen,das Netz,den Garten,die Lampe,das Seil,den Wattwurm",
    "fr": "la marée,le bateau,la carte,le pain,le port,le filet,le jardin,la lampe,la corde,le goéland",
    "es": "la marea,el barco,el mapa,el pan,el puerto,la red,el jardín,la lámpara,la cuerda,la gaviota",
}

SPAM = [
    "Cheap {} from our warehouse: https://shop#.example.com/offer https://shop#.example.com/today",
    'Earn while you sleep, see <a href="https://money#.example.net/start">here</a>',
    "Best casino bonus # free spins https://casino#.example.net/play",
    "Loans without questions for everybody: https://loans#.example.com/",
    "Your article is excellent!!! We place {} on first page of search, visit https://seo#.example.com/",
]

TOLD = [
    "Please keep to the subject of the post.",
    "We do not publish telephone numbers.",
    "This was said before, further up.",
    "A little more kindly, please, and it can stand here.",
]

TITLES = {
    "en": [
        "The {} and the {}",
        "Mending a {}",
        "Eleven words for {}",
        "What the {} leaves out",
        "A {} called Patience",
    ],
    "fa": ["{} و {}", "یک {} تازه", "دربارهٔ {}"],
    "de": ["{} und {}", "Wieder einmal: {}"],
    "fr": ["Encore {}", "Sur {} et {}"],
    "es": ["Otra vez {}", "Sobre {} y {}"],
}

LABELS = (
    "sea,notes,weather,birds,boats,tools,bread,photographs,maps,harbour,history,books,garden,radio,repairs,"
    "moon,recipes,letters,walks,measuring,winter,music,mud,rope,ferries,clocks,bridges,bicycles,colours,words,"
    "markets,tea,nets,fog,islands,lamps,stones,wood,sleep,trains,دریا,یادداشت‌ها,Küste,mer,costa"
)

QUALITIES = "old,small,lost,winter,northern,borrowed,unfinished,blue"

COMMON = "lighthouse"
RARE = "samphire"
SAID_OF_COMMON = [
    "From the lighthouse it looks different.",
    "The keeper of the lighthouse wrote it down.",
    "You can see the lighthouse from here on # days of the year.",
    "All this was before the lighthouse had electric light.",
    "Beyond the lighthouse nobody has heard of it.",
]
SAID_OF_RARE = ["They pickled samphire that year.", "Below the wall grows samphire."]

PAGES = {
    "About these pages": "Everything here was made up by a program, to see how the site does with so much of it.",
    "Where to find us": "Nowhere. The posts, the people and what they say were drawn by lot.",
}

FIRST = (
    "Ada,Ben,Clara,Dov,Edith,Frida,Gus,Hanne,Ines,Jon,Kate,Lev,Mona,Nils,Olga,Per,Quinn,Rosa,Sven,Tove,Uma,"
    "Vera,Will,Xenia,Yan,Zoe,Sahel,Nasim,Omid,Parisa,Reza,Leila,Darya,Kian,Mahsa,Jürgen,Käthe,Renée,Benoît,"
    "Íñigo,Lucía"
)
LAST = (
    "Marsh,Reed,Wharf,Tide,Alder,Brook,Carr,Dale,Eyot,Fenn,Gale,Heath,Isle,Jetty,Knoll,Lea,Moor,Ness,Ousel,"
    "Pond,Quay,Rill,Strand,Tarn,Umber,Vale,Weir,Yarrow,Zeal,Ahmadi,Karimi,Moradi,Lefèvre,Müller,Sørensen,"
    "García,Vogel,Roux"
)
