"""What a page says to machines, as a browser takes it: no error in its console, which `person` sees to."""

import json

from blog.models import SiteSettings
from tests.blog.pictures import in_library
from tests.factories import make_comment, make_post


def test_a_browser_takes_the_data_of_a_page_as_data(person, site):
    post = make_post(title="Tides </script><script>alert(1)</script>", labels=("sea",))
    make_comment(post, author_name="</script><b>Rita", body="<!-- High")
    page = person()
    page.on("dialog", lambda dialog: dialog.dismiss() or (_ for _ in ()).throw(AssertionError("it ran")))
    page.goto(post.get_absolute_url())
    blocks = page.locator("script[type='application/ld+json']").all_text_contents()
    said = [json.loads(block) for block in blocks]
    assert len(said) == 2
    assert said[0]["@graph"][0]["headline"] == post.title
    assert said[1]["comment"][0]["author"]["name"] == "</script><b>Rita"


def test_a_browser_can_put_the_site_on_a_home_screen(person, site):
    SiteSettings(title="جزر و مد", language="fa", logo=in_library()).save()
    page = person()
    page.goto("/")
    devtools = page.context.new_cdp_session(page)
    found = devtools.send("Page.getAppManifest")
    assert found["errors"] == [] and found["url"] == f"{site}/manifest.webmanifest"
    said = json.loads(found["data"])
    assert (said["name"], said["dir"]) == ("جزر و مد", "rtl")
    sizes = page.evaluate(
        """async (all) => Promise.all(all.map(async (src) => {
            const image = new Image(); image.src = src; await image.decode();
            return `${image.naturalWidth}x${image.naturalHeight}`;
        }))""",
        [icon["src"] for icon in said["icons"]],
    )
    assert sizes == [icon["sizes"] for icon in said["icons"]]
