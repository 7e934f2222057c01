"""Short comments written for this project, in the languages of its first readers: what the seed knows of comments.

Nobody wrote them to anybody; names, shops and addresses are made up, domains are reserved ones.
"""

GOOD = """
Thank you, this explained the tides better than my school books did.
I think there is a mistake in the third paragraph: it should be 1987, not 1978.
Does this work with the older version too? Mine says the option is unknown.
We walked the same path last summer, and the bridge was still closed.
I disagree with your conclusion, though the photographs are lovely.
Could you write more about how you repaired the window frame?
My grandmother made this soup with barley instead of rice. Both are good.
Great post! I had the same problem and restarting the server helped.
There is a longer account of this in the town archive: https://archive.example.org/1911
The link to the map is broken, at least for me.
Haha, my cat does exactly the same thing.
I tried it yesterday, and it took about two hours. Worth it.
Sorry, I meant the second picture, not the first one.
@Anna that is what I thought as well, until I read the appendix.
Looking forward to the next part!
What camera did you use for the night shots?
The test fails on Windows because of the line endings; see issue 12.
Nice, but I would add a pinch of salt.
Danke für den Artikel, das hat mir sehr geholfen.
Bei mir funktioniert es leider nicht, ich bekomme eine Fehlermeldung.
Ich sehe das etwas anders, aber schön geschrieben.
Gibt es das Rezept auch ohne Eier?
Der zweite Absatz stimmt so nicht, das war erst im Jahr danach.
Wir waren letzte Woche dort, es war wunderbar ruhig.
Kleiner Tippfehler in der Überschrift.
Merci pour cet article, très clair.
Je ne suis pas d’accord avec la fin, mais c’est bien écrit.
Est-ce que cela marche aussi avec du lait d’avoine ?
Nous y étions l’été dernier, le pont était encore fermé.
Il y a une petite faute dans le titre.
Quel appareil as-tu utilisé pour ces photos ?
Gracias por la explicación, ahora lo entiendo mejor.
A mí no me funciona, me sale un error en el segundo paso.
No estoy de acuerdo con todo, pero es un buen texto.
¿Se puede hacer también sin huevo?
Estuvimos allí el verano pasado y nos encantó.
Creo que la fecha está mal, fue un año después.
ممنون از مطلب خوبتون، خیلی به دردم خورد.
من هم همین مشکل را داشتم و با راه‌اندازی دوباره حل شد.
با نتیجه‌گیری شما موافق نیستم، اما عکس‌ها زیبا هستند.
فکر می‌کنم تاریخ در بند سوم اشتباه است.
آیا این دستور بدون تخم‌مرغ هم می‌شود؟
تابستان گذشته آنجا بودیم، خیلی آرام بود.
شكرا على هذا المقال، كان مفيدا جدا.
لا أتفق مع الخاتمة، لكن الصور جميلة.
هل يمكن تحضيرها بدون بيض؟
واجهت نفس المشكلة ولم أجد حلا بعد.
أظن أن التاريخ في الفقرة الثالثة غير صحيح.
زرنا المكان في الصيف الماضي وكان هادئا.
Спасибо за статью, очень помогла разобраться.
У меня не работает, выдаёт ошибку на втором шаге.
Не согласен с выводом, но написано хорошо.
А можно приготовить это без яиц?
Мы были там прошлым летом, очень тихое место.
В заголовке небольшая опечатка.
谢谢分享，写得很清楚。
我也遇到了同样的问题，重启之后就好了。
我不太同意你的结论，不过照片很漂亮。
第三段的年份好像写错了。
请问不放鸡蛋可以吗？
去年夏天我们也去过那里，很安静。
とても分かりやすい記事でした。ありがとうございます。
Grazie, molto utile. Si può fare anche senza uova?
Obrigado pelo texto, ajudou bastante.
"""

SPAM = """
Buy cheap watches online, best price, free shipping!!! http://shop.example.com/watches
I make $5000 a week working from home, click here to find out how: http://money.example.net
Earn money fast with no experience, visit my website for more information
Hello, great blog! Please visit my site for cheap insurance quotes.
Check out my channel and subscribe, I will subscribe back!
Best online casino, 200 free spins, no deposit bonus, play now http://casino.example.com
We offer SEO services, first page of Google guaranteed, contact us on WhatsApp
Get 10,000 followers today! Real and active followers, cheap, http://followers.example.net
Viagra and cialis without prescription, discount pharmacy online
CONGRATULATIONS!!! You have won a FREE phone, claim your prize now!
I was able to recover my lost bitcoin thanks to this hacker, contact him by email
Invest in crypto with our expert and double your money in 24 hours
Dr. Ade cast a love spell and my husband came back, contact him today on WhatsApp
Hot girls in your area want to meet you tonight, click http://dating.example.com
Need a loan? Low interest rate, no credit check, apply now
Very nice article, thanks for sharing. Cheap designer bags here http://bags.example.com
Download full movie free HD http://movies.example.net no survey
Thumbs up if you agree, and please share my new video http://video.example.com/watch
<a href="http://pills.example.com">cheap pills</a> <a href="http://loans.example.com">payday loans</a>
Work at home, easy money, limited offer, sign up now!!!
Jetzt günstig Uhren kaufen, kostenloser Versand http://uhren.example.com
Verdiene 3000 Euro pro Woche von zu Hause, hier klicken http://geld.example.net
Online Casino Bonus ohne Einzahlung, jetzt spielen
Kredit ohne Schufa, sofort Geld, jetzt Antrag stellen
Abonniert meinen Kanal, ich abonniere zurück!
Besuche meine Seite für billige Versicherungen
Gagnez 500 euros par jour depuis chez vous, cliquez ici http://argent.example.net
Casino en ligne, bonus gratuit sans dépôt, jouez maintenant
Montres de luxe pas cher, livraison gratuite http://montres.example.com
Prêt rapide sans justificatif, contactez-nous sur WhatsApp
Abonnez-vous à ma chaîne, merci !
Voyant sérieux, retour de l’être aimé en 24 heures, contactez-le
Gana dinero desde casa, haz clic aquí http://dinero.example.net
Casino online, giros gratis sin depósito, juega ahora
Préstamos rápidos sin aval, contáctanos por WhatsApp
Suscríbete a mi canal y yo me suscribo al tuyo
Compra relojes baratos, envío gratis http://relojes.example.com
Seguidores reales y baratos, visita mi página
خرید ارزان فالوور واقعی، همین حالا کلیک کنید http://follower.example.com
شرط بندی آنلاین با بونوس رایگان، همین الان ثبت نام کنید
درآمد میلیونی در خانه بدون سرمایه، به سایت ما سر بزنید
وام فوری بدون ضامن، تماس بگیرید
فروش ویژه با تخفیف باورنکردنی، ارسال رایگان http://shop.example.net
کانال من را دنبال کنید تا شما را دنبال کنم
اربح المال من المنزل، اضغط هنا http://money.example.org
كازينو اون لاين مع مكافأة مجانية، العب الآن
قروض سريعة بدون ضمان، تواصل معنا على واتساب
متابعين حقيقيين بسعر رخيص، زوروا موقعنا
اشترك في قناتي وسأشترك في قناتك
عرض خاص، شحن مجاني، اشتر الآن http://souq.example.com
Заработок в интернете без вложений, переходи по ссылке http://rabota.example.com
Онлайн казино, бонус без депозита, играй сейчас
Быстрый займ без проверки, пишите в WhatsApp
Подпишись на мой канал, подпишусь взаимно
Купить часы недорого, бесплатная доставка http://chasy.example.net
Накрутка подписчиков, дёшево, заходи на сайт
在家兼职，日赚千元，加微信了解
网上赌场，注册送彩金，立即点击 http://bet.example.com
低息贷款，无需抵押，马上申请
代开发票，价格优惠，欢迎联系
正品手表特价，免费送货，点击购买 http://watch.example.net
刷粉丝，便宜又快，请访问我们的网站
副業で簡単に稼げます。今すぐクリック http://side.example.com
Guadagna da casa, clicca qui http://soldi.example.com
Ganhe dinheiro em casa, clique aqui http://dinheiro.example.com
"""


def examples() -> list[tuple[str, bool]]:
    """(text, is_spam) of each."""
    pairs = ((GOOD, False), (SPAM, True))
    return [(line, is_spam) for block, is_spam in pairs for line in block.strip().splitlines()]
