"""What a letter is made of: a safe head, plain text and its HTML, the same bytes at every attempt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.mail import Attachment, MalformedMail, as_html, check_address, message_id_of, split_template
from engine.mail.message import Letter, compose

LETTER = Letter(
    message_id="<cartulario.1@une.example>",
    sender="secretaria@une.example",
    sender_name="Secretaría General, Universidad «Ñandú»",
    to=("mj@une.example",),
    subject="Su certificación está lista",
    body="Estimada María José:\n\nDescárguela en https://une.example/tramites/SG-2026-000001.\nSaludos.",
    date=datetime(2026, 11, 21, 15, 0, tzinfo=UTC),
)


def test_the_first_line_of_a_template_is_its_subject() -> None:
    assert split_template("Asunto: Hola\n\nBuen día.\n") == ("Hola", "Buen día.")


def test_a_subject_that_is_too_long_ends_after_a_word_and_shows_it():
    """A course may have 180 letters; «para firmar: … decisio» looks like a fault."""
    subject, _ = split_template(f"Asunto: Acta para firmar: {'hidrología ' * 30}\n\nVa.")
    assert len(subject) <= 200
    assert subject.endswith("hidrología…")
    assert split_template(f"Asunto: {'x' * 300}\n\nVa.")[0] == "x" * 199 + "…"
    assert split_template(f"Asunto: {'x' * 200}\n\nVa.")[0] == "x" * 200


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("Hola\nBuen día", "primera línea"), ("Asunto:  \nBuen día", "asunto"), ("Asunto: Hola\n\n ", "texto")],
)
def test_a_template_without_subject_or_text_is_refused_with_the_reason(text: str, complaint: str) -> None:
    with pytest.raises(MalformedMail, match=complaint):
        split_template(text)


@pytest.mark.parametrize("poison", ["\r", "\x0b", "\u2028", "\u202e", "\x00"])
def test_a_subject_cannot_open_another_header_or_turn_the_text_around(poison: str) -> None:
    subject, _ = split_template(f"Asunto: Hola{poison}Bcc: otra@malo.example\nTexto")
    message = compose(replace(LETTER, subject=subject))
    assert message["Bcc"] is None
    assert message["Subject"] == "Hola Bcc: otra@malo.example"


@pytest.mark.parametrize(
    "address",
    ["", "sin-arroba", "a@b", "a b@une.example", "a@une.example\nBcc: x@y.example", "a@une.example,b@une.example",
     "Ana <a@une.example>", "a\x00@une.example", '"a"@une.example', f"{'a' * 250}@une.example"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(MalformedMail):
        check_address(address)


def test_names_with_accents_survive_the_way() -> None:
    message = compose(LETTER)
    assert message["From"].addresses[0].display_name == LETTER.sender_name
    assert message["Subject"] == LETTER.subject
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_letter_has_plain_text_and_html_with_links_and_its_attachments() -> None:
    message = compose(LETTER, [Attachment("certificación.pdf", "application/pdf", b"%PDF-1.7")])
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert LETTER.body in plain.get_content().replace("\r\n", "\n")
    assert '<a href="https://une.example/tramites/SG-2026-000001">' in rich.get_content()
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("certificación.pdf", "application/pdf")
    assert attached.get_content() == b"%PDF-1.7"


def test_the_html_shows_what_people_wrote_and_runs_nothing() -> None:
    assert "&lt;script&gt;" in as_html("<script>alert(1)</script>")
    assert 'href="https://x.example/&quot;' not in as_html('https://x.example/" onclick="x')


def test_the_same_letter_is_the_same_bytes() -> None:
    attachment = Attachment("a.pdf", "application/pdf", b"x" * 1000)
    assert compose(LETTER, [attachment]).as_bytes() == compose(LETTER, [attachment]).as_bytes()


def test_each_job_has_one_message_id() -> None:
    assert message_id_of("job-1", "une.example") == message_id_of("job-1", "une.example")
    assert message_id_of("job-1", "une.example") != message_id_of("job-2", "une.example")
