"""A person with a browser that has no script: reads pages, fills their forms, follows where they lead."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

import requests
from lxml import html

TIMEOUT = 60  # seconds


class Deviation(Exception):
    """The system did something else than the scenario says."""


class Visitor:
    def __init__(self, base: str) -> None:
        self.base = base
        self._session = requests.Session()
        self.url = base
        self.page: Any = None

    def sign_in(self, username: str, password: str) -> Visitor:
        self.open("/ingresar")
        self.submit("/ingresar", {"usuario": username, "clave": password})
        if "/ingresar" in self.url:
            raise Deviation(f"{username} could not sign in")
        return self

    def open(self, path: str) -> Visitor:
        return self._read(self._session.get(urljoin(self.base, path), timeout=TIMEOUT))

    def download(self, path: str) -> bytes:
        answer = self._session.get(urljoin(self.base, path), timeout=TIMEOUT)
        if answer.status_code != 200:
            raise Deviation(f"{path}: HTTP {answer.status_code}")
        return answer.content

    def submit(
        self,
        action: str,
        values: Mapping[str, Any],
        files: Mapping[str, list[tuple[str, bytes]]] | None = None,
        *,
        again: int = 20,
        button: tuple[str, str] | None = None,
    ) -> Visitor:
        """Fill and send the form of the page whose action contains ``action``. A value is a text, a truth, or a list;
        ``button``: the one that is pressed, when it is not the first."""
        form = next((f for f in self.page.iter("form") if action in (f.get("action") or self.url)), None)
        if form is None:
            raise Deviation(f"{self.url} has no form for {action}: {self.text()[:300]}")
        data, missing = _filled(form, values)
        uploads = [(name, (file, content)) for name, some in (files or {}).items() for file, content in some]
        target = urljoin(self.url, form.get("action") or self.url)
        rows = sorted(name.split(".")[0] for name in missing if "." in name)
        if rows and again:
            data.append(("_fila", f"{rows[0]}+"))  # the page's own button for one more row
        if button is not None:
            data.append(button)
        answer = self._post(target, data, uploads)
        if missing and answer.status_code in (200, 422) and again:  # questions that appear once another one is answered
            self.url, self.page = answer.url, html.fromstring(answer.content)
            return self.submit(action, values, again=again - 1)
        if missing:
            raise Deviation(f"the page does not ask for {', '.join(sorted(missing))}")
        return self._read(answer)

    def _post(self, target: str, data: Any, uploads: Any) -> requests.Response:
        """Send; when asked to wait, wait."""
        while True:
            answer = self._session.post(target, data=data, files=uploads or None, timeout=TIMEOUT)
            if answer.status_code != 429:
                return answer
            time.sleep(min(float(answer.headers.get("Retry-After", 5)), 65))

    def text(self) -> str:
        return " ".join(self.page.text_content().split())

    def errors(self) -> str:
        found = self.page.xpath("//*[contains(@class,'error')]")
        return " | ".join(" ".join(one.text_content().split()) for one in found)[:600]

    def _read(self, answer: requests.Response) -> Visitor:
        self.url = answer.url
        if answer.status_code >= 400:
            self.page = html.fromstring(answer.content or b"<p></p>")
            raise Deviation(f"{answer.request.method} {answer.url}: HTTP {answer.status_code}: {self.errors()}")
        self.page = html.fromstring(answer.content)
        return self


def flat(answers: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """{"filas": [{"nota": 7}]} → {"filas.0.nota": 7}: the names that a page's fields have. An empty list has none."""
    found: dict[str, Any] = {}
    for key, value in answers.items():
        if value == []:
            continue
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value):
                found |= flat(row, f"{prefix}{key}.{number}.")
        else:
            found[prefix + key] = value
    return found


def _filled(form: Any, values: Mapping[str, Any]) -> tuple[list[tuple[str, str]], set[str]]:
    """What a browser would send: the fields as they stand, with the values over them; and the values without a field."""
    names = {field.get("name") for field in form.xpath(".//input|.//textarea|.//select")}
    return list(_fields(form, values)), set(values) - names


def _fields(form: Any, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in form.xpath(".//input|.//textarea|.//select"):
        name, kind = field.get("name"), field.get("type") or field.tag
        if not name or kind in ("file", "submit", "button") or field.get("disabled") is not None:
            continue
        if name in values:
            yield from _set(field, name, kind, values[name])
        elif kind in ("checkbox", "radio"):
            if field.get("checked") is not None:
                yield name, field.get("value") or "on"
        elif field.tag == "select":
            yield from ((name, o.get("value") or "") for o in field.iter("option") if o.get("selected") is not None)
        else:
            yield name, (field.text if field.tag == "textarea" else field.get("value")) or ""


def _set(field: Any, name: str, kind: str, value: Any) -> Iterator[tuple[str, str]]:
    own = field.get("value") or "on"
    if kind in ("checkbox", "radio"):
        chosen = value if isinstance(value, list) else [value]
        if value is True or (value is not False and own in [str(v) for v in chosen]):
            yield name, own
    else:
        yield name, str(value)
