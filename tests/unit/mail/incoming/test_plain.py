"""The text of a mail in HTML: what a person would read, in lines, whatever stands around it."""

import time

import pytest

from engine.mail.incoming.plain import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Va el <b>acta</b>.</p><p>Saludos,<br>Ana</p>", "Va el acta.\n\nSaludos,\nAna"),
        ("<html><head><title>x</title><style>p{color:red}</style><body>hola", "hola"),
        ("<script>alert('<p>no</p>')</script>sí", "sí"),
        ("<SCRIPT>no</script x>sí", "sí"),
        ("antes<!-- <p>no</p> -->después", "antesdespués"),
        ("antes<!-- sin fin", "antes"),
        ("<ul><li>uno</li><li>dos</li></ul>", "- uno\n- dos"),
        ("<table><tr><td>Libro</td><td>12</td></tr><tr><td>Folio</td></tr></table>", "Libro 12\n\nFolio"),
        ("Ñandú &amp; &lt;b&gt; &#241; &nbsp;fin", "Ñandú & <b> ñ \u00a0fin"),
        ("a < b y c > d", "a < b y c > d"),
        ("<a href='javascript:x()'>el acta</a>", "el acta"),
        ("<style>nunca cierra <p>no", ""),
        ("<!DOCTYPE html><?xml version='1'?>hola", "hola"),
        ("", ""),
    ],
)
def test_what_is_read_is_what_is_seen(markup: str, text: str):
    assert plain_text(markup) == text


@pytest.mark.req("R-46")
@pytest.mark.parametrize("piece", ["<", "<!--", "<p", "<script>", "</", "<a <", "<style></style", "&", "<p>", "-->"])
def test_a_text_made_to_be_slow_is_not(piece: str):
    began = time.process_time()
    plain_text(piece * (100_000 // len(piece)))
    assert time.process_time() - began < 2
