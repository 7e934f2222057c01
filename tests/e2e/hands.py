"""The editor in somebody's hands: by mouse, or by keyboard alone."""

import contextlib

from playwright.sync_api import Error

from tests.e2e.desk import click_and_close, tab_to

ADD = "/admin/blog/post/add/"


def body(page):
    return page.locator(".ProseMirror[contenteditable=true]")


def html(page) -> str:
    return page.locator("#id_body").input_value()


class Hands:
    """How somebody goes to a field, presses a button of the toolbar, and answers a dialog."""

    def __init__(self, page, by_keyboard: bool) -> None:
        self.page, self.by_keyboard = page, by_keyboard

    def go(self, locator, page=None) -> None:
        if not self.by_keyboard:
            locator.click()
        elif not locator.evaluate("element => element === document.activeElement"):
            tab_to(page or self.page, locator)

    def press(self, name: str) -> None:
        if not self.by_keyboard:
            self.page.get_by_role("button", name=name, exact=True).click()
            settle(self.page)
            return
        self.page.keyboard.press("Alt+F10")
        self.page.keyboard.press("Home")
        for _ in range(60):
            if self.page.evaluate("document.activeElement.getAttribute('aria-label')") == name:
                break
            self.page.keyboard.press("ArrowRight")
        else:
            raise AssertionError(f"The keyboard does not reach {name}.")
        self.page.keyboard.press("Enter")

    def begin(self, name: str, sign: str) -> None:
        """A block or marked words: by mouse the button, by keyboard what stands for it in Markdown."""
        if self.by_keyboard:
            self.page.keyboard.type(sign)
        else:
            self.press(name)

    def marked(self, name: str, sign: str, words: str) -> None:
        self.begin(name, sign)
        self.page.keyboard.type(words)
        self.begin(name, sign)

    def answer(self, **fields: str) -> None:
        """Fills in the dialog that has opened, and says that it is done."""
        dialog = self.page.locator("dialog[open]")
        dialog.wait_for()
        for name, value in fields.items():
            field = dialog.locator(f"[name={name}]")
            self.fill(field, value)
        done = dialog.get_by_role("button", name="Done")
        if self.by_keyboard and field.evaluate("element => element.tagName == 'INPUT'"):
            self.page.keyboard.press("Enter")
        elif self.by_keyboard:
            tab_to(self.page, done)
            self.page.keyboard.press("Enter")
        else:
            done.click()
        dialog.wait_for(state="detached")
        settle(self.page)  # the focus comes back to the text with the next picture

    def fill(self, field, value: str) -> None:
        if field.evaluate("element => element.tagName") != "SELECT":
            self.go(field)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(value)
        elif not self.by_keyboard:
            field.select_option(label=value)
        else:
            self.go(field)
            for _ in range(80):  # letters typed too slowly would choose by the last of them
                if field.evaluate("select => select.selectedOptions[0].label") == value:
                    return
                self.page.keyboard.press("ArrowDown")
            raise AssertionError(f"The keyboard does not reach {value}.")

    def choose_image(self) -> None:
        choose = self.page.locator("dialog[open]").get_by_role("button", name="Choose or upload")
        with self.page.expect_popup() as popup:
            self.go(choose)
            if self.by_keyboard:
                self.page.keyboard.press("Enter")
        picker = popup.value
        picker.wait_for_load_state()  # its script too: before it, a key says nothing to the picture
        image = picker.locator("[data-pick]").first
        image.wait_for()
        if not self.by_keyboard:
            click_and_close(picker, image)
            return
        with picker.expect_event("close"):
            self.go(image, picker)
            with contextlib.suppress(Error):  # the window closes while the key is still down
                picker.keyboard.press("Enter")


def settle(page) -> None:
    """Waits until the browser has drawn what came in, and the editor's observers have read it. No hand is as quick as
    this test: a line that breaks before that is broken in front of what has just come."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))")


def to_end(page) -> None:
    page.keyboard.press("Control+End")
    settle(page)  # the browser tells of a new place a moment later


def enter(page) -> None:
    settle(page)
    page.keyboard.press("Enter")
    settle(page)
