from django.core import checks

from config.checks import any_host, https_site


def test_nothing_to_say_in_production(settings):
    settings.HTTPS, settings.ALLOWED_HOSTS = True, ["blog.example.org"]
    assert https_site(None) == any_host(None) == []


def test_it_warns_of_a_site_without_https(settings):
    settings.HTTPS = False
    (found,) = https_site(None)
    assert (found.id, found.level) == ("marginalia.W001", checks.WARNING)


def test_it_refuses_any_host(settings):
    settings.ALLOWED_HOSTS = ["blog.example.org", "*"]
    (found,) = any_host(None)
    assert (found.id, found.level) == ("marginalia.E001", checks.ERROR)
