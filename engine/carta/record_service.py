"""Academic records asked of another system over HTTP, each request for one person.

The address of the configuration holds ``{identidad}``; the answer is JSON as in ``docs/records.md``: one, a list,
or 404 for nobody. A redirection is not followed, an answer over 4 MB is not read, and nothing that it says is believed
before ``records.pick`` compared whose data it is. The caller limits the whole (``records.in_time``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from engine.carta.records import AcademicRecord, MalformedRecords, RecordsUnavailable, canonical_identity, checked, late

LARGEST_ANSWER = 4 * 1024 * 1024  # bytes
MOST_RECORDS = 50
_CHUNK = 64 * 1024
WHERE = "El sistema académico"


@dataclass(frozen=True)
class RecordService:
    address: str  # with {identidad}
    token: str | None = None
    seconds: float = 10.0

    def find(self, identity: str) -> list[AcademicRecord]:
        answer = _parsed(self._ask(identity))
        listed = answer if isinstance(answer, list) else [answer]
        if len(listed) > MOST_RECORDS or not all(isinstance(one, dict) for one in listed):
            raise MalformedRecords(f"{WHERE} no respondió con una lista de registros.")
        return [checked(one, f"{WHERE}, registro {n}") for n, one in enumerate(listed, 1)]

    def _ask(self, identity: str) -> bytes:
        url = self.address.replace("{identidad}", quote(canonical_identity(identity), safe=""))
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        try:
            with requests.get(url, headers=headers, timeout=self.seconds, stream=True, allow_redirects=False) as answer:
                if answer.status_code == 404:
                    return b"[]"
                if answer.status_code != 200:
                    raise RecordsUnavailable(f"{WHERE} no atiende ahora (respuesta {answer.status_code}).")
                return _read(answer)
        except requests.Timeout as error:
            raise RecordsUnavailable(late(self.seconds)) from error
        except requests.RequestException as error:
            raise RecordsUnavailable(f"No se puede llegar al sistema académico: {type(error).__name__}.") from error


def _read(answer: requests.Response) -> bytes:
    data = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        data += chunk
        if len(data) > LARGEST_ANSWER:
            raise MalformedRecords(f"{WHERE} respondió con más de 4 MB.")
    return bytes(data)


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MalformedRecords(f"{WHERE} no respondió con un JSON válido.") from error
