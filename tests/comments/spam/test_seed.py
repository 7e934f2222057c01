import pytest

from comments.spam import make_seed, seed
from comments.spam.examples import examples
from comments.spam.features import Told
from comments.spam.model import Model


@pytest.fixture
def unread():
    seed.load.cache_clear()
    yield
    seed.load.cache_clear()


def test_it_is_shipped_and_small():
    made = seed.load()
    assert min(made.lessons) >= 300 and seed.PATH.stat().st_size < 100_000


@pytest.mark.parametrize(
    "text",
    [
        "Buy cheap watches, free shipping http://watches.example.com",
        "Online Casino, jetzt spielen http://spiel.example.com",
        "Gagnez de l’argent, cliquez ici",
        "Gana dinero, haz clic aquí",
        "خرید فالوور ارزان، کلیک کنید",
        "اربح المال، اضغط هنا",
        "Онлайн казино, играй сейчас",
        "网上赌场，立即点击",
    ],
)
def test_a_new_site_knows_plain_spam_in_several_languages(text):
    assert Model(seed=seed.load()).score(Told(text)).probability > 0.7


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, I had the same problem.",
        "Danke, das hat mir geholfen.",
        "Merci, très clair.",
        "ممنون، خیلی به دردم خورد",
        "شكرا، كان مفيدا",
        "Спасибо, очень помогла",
        "谢谢分享，写得很清楚",
    ],
)
def test_a_new_site_knows_plain_thanks(text):
    assert Model(seed=seed.load()).score(Told(text)).probability < 0.4


def test_there_are_examples_of_both_kinds():
    found = examples()
    assert len(found) >= 120 and 50 <= sum(is_spam for _, is_spam in found) <= 70
    assert len({text for text, _ in found}) == len(found)


def test_without_its_file_the_filter_begins_empty(unread, monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(seed, "PATH", tmp_path / "seed.bin")
    assert seed.load() is None and "without its seed" in caplog.text


def test_a_spoilt_file_is_no_seed(unread, monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(seed, "PATH", tmp_path / "seed.bin")
    (tmp_path / "seed.bin").write_bytes(b"x")
    assert seed.load() is None and "without its seed" in caplog.text


def test_the_script_makes_a_seed(tmp_path, capsys):
    sms, target = tmp_path / "sms", tmp_path / "seed.bin"
    sms.write_text("Label\tSMS\nham\tSee you at the bridge\nspam\tWin a prize, call now\n", encoding="utf-8")
    assert make_seed.main([str(sms), "--target", str(target)]) == 0
    assert Model.load(target.read_bytes()).lessons[0] > 300 and "lessons" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["ham\tone\nneither\ttwo\n", None])
def test_the_script_refuses_what_is_no_collection(tmp_path, capsys, text):
    sms = tmp_path / "sms"
    if text:
        sms.write_text(text, encoding="utf-8")
    assert make_seed.main([str(sms), "--target", str(tmp_path / "seed.bin")]) == 1
    assert capsys.readouterr().err and not (tmp_path / "seed.bin").exists()


@pytest.mark.slow
def test_the_shipped_seed_is_what_the_script_makes(corpus):
    messages = make_seed.read_sms(corpus / "spam/sms/SMSSpamCollection")
    made, shipped = make_seed.make(messages), seed.load()
    assert made.lessons == shipped.lessons and made.counts == shipped.counts
