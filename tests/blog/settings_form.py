"""What the form of the site's settings is sent, its rows of the menu included."""

from django.test import Client

ADDRESS = "/admin/blog/sitesettings/1/change/"


def settings_form(*lines: dict, **fields) -> dict:
    """`lines` are rows of the menu: with an id, those that there are, which come first."""
    there = sum("id" in line for line in lines)
    rows = {f"menu-{number}-{name}": value for number, line in enumerate(lines) for name, value in line.items()}
    return {
        "title": "Tidewater Notes",
        "look": "paper",
        "scheme": "system",
        "posts_per_page": "7",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "feeds_in_full": "on",
        "indexed": "on",
        "menu-TOTAL_FORMS": str(len(lines)),
        "menu-INITIAL_FORMS": str(there),
        **rows,
        **fields,
    }


def save(client: Client, *lines: dict, **fields) -> None:
    response = client.post(ADDRESS, settings_form(*lines, **fields))
    assert response.status_code == 302, response.content.decode()


def refused(client: Client, *lines: dict, **fields) -> str:
    """The page that says what is wrong."""
    response = client.post(ADDRESS, settings_form(*lines, **fields))
    assert response.status_code == 200
    return response.content.decode()
