"""A page as a browser without JavaScript reads it: what its form would send, and its buttons."""

import re
from html.parser import HTMLParser


class Form(HTMLParser):
    """The form with the id `form`. `sends` are its fields by name, `buttons` (name, value, words)."""

    def __init__(self, page, form="planner"):
        super().__init__()
        self._id, self._depth = form, 0
        self._select = self._textarea = self._button = None
        self.sends, self.buttons = {}, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._depth = 1 if given.get("id") == self._id else 0
        elif not self._depth:
            return
        elif tag == "input" and given.get("name"):
            is_box = given.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in given:
                self._add(given["name"], given.get("value", "on" if is_box else ""))
        elif tag == "select":
            self._select, self._first = given["name"], None
        elif tag == "option" and self._select:
            if self._first is None or "selected" in given:
                self._first = given.get("value", "")
        elif tag == "textarea":
            self._textarea = given["name"]
            self._add(self._textarea, "")
        elif tag == "button":
            self._button = [given.get("name", ""), given.get("value", ""), ""]

    def handle_endtag(self, tag):
        if tag == "form":
            self._depth = 0
        elif tag == "select" and self._select:
            self._add(self._select, self._first or "")
            self._select = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "button" and self._button:
            name, value, words = self._button
            self.buttons.append((name, value, " ".join(words.split())))
            self._button = None

    def handle_data(self, data):
        if self._textarea:
            self.sends[self._textarea] = [data]
        if self._button:
            self._button[2] += data

    def _add(self, name, value):
        self.sends.setdefault(name, []).append(value)

    def pressing(self, words):
        """Return what the form sends when the first button that says `words` is pressed."""
        name, value, _said = next(each for each in self.buttons if words in each[2])
        return {**self.sends, **({name: [value]} if name else {})}

    def places(self):
        """Return the places as they are shown, by session number."""
        return {
            int(name.removeprefix("place-")): values[-1]
            for name, values in self.sends.items()
            if name.startswith("place-")
        }


def text_of(answer):
    """Return the page without its tags, in one line."""
    page = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def shown(answer):
    """Return the places that a form of the page would send, by name."""
    return dict(re.findall(r'name="(place-\d+)"\s+value="([^"]+)"', answer.content.decode()))
