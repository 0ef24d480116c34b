"""Bundles: one hash for one content, names and sizes that are safe whatever they come from."""

import io
import zipfile
from pathlib import Path

import pytest

from engine.config import ROOT
from engine.definitions import Bundle, check
from engine.definitions.bundle import MAX_BUNDLE, MAX_FILE, MAX_FILES
from engine.errors import InvalidBundle
from engine.operations import CATALOGUE
from tests.unit.definitions.samples import DIAGRAM, PROCESS, bundle, good_files


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def test_a_bundle_read_from_folders_comes_back_whole_from_its_zip():
    read = Bundle.read(ROOT / "bpmn", ROOT / "forms", "solicitar_certificacion")
    again = Bundle.from_zip(read.process, read.zip())
    assert again.files == read.files
    assert again.hash == read.hash
    assert {"proceso.bpmn", "tipos.dmn", "forms/solicitud.json", "_base/oficio.html"} <= read.files.keys()


def test_the_same_content_gives_the_same_hash_and_zip_in_any_order():
    files = dict(good_files())
    turned = Bundle(PROCESS, dict(reversed(files.items())))
    assert turned.hash == Bundle(PROCESS, files).hash
    assert turned.zip() == Bundle(PROCESS, files).zip()


def test_one_changed_byte_or_name_gives_another_hash():
    good = bundle()
    renamed = {("forms/otra.html" if n == "forms/respuesta.html" else n): d for n, d in good.files.items()}
    moved = {**good.files, "forms/a.txt": b"xy", "forms/b.txt": b""}
    other = {**good.files, "forms/a.txt": b"x", "forms/b.txt": b"y"}
    hashes = {Bundle(PROCESS, f).hash for f in (good.files, renamed, moved, other)}
    assert len(hashes) == 4


@pytest.mark.parametrize(
    "name",
    [
        "../fuera.txt",
        "/etc/passwd",
        "forms/../x.txt",
        "forms/a/b.txt",
        "forms\\a.txt",
        "forms/.oculto",
        "forms/ñ.txt",
        "x.exe",
        "forms/a\n.txt",
        "C:x.txt",
        "forms/sin_punto",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name):
    with pytest.raises(InvalidBundle):
        Bundle(PROCESS, {**dict(good_files()), name: b"x"})
    with pytest.raises(InvalidBundle):
        Bundle.from_zip(PROCESS, zipped(**{name: b"x"}))


@pytest.mark.parametrize("process", ["", "_plantilla", "Proceso", "a/b", "..", "x" * 90, "año"])
def test_a_process_name_that_is_no_plain_name_is_refused(process):
    with pytest.raises(InvalidBundle):
        Bundle(process, dict(good_files()))


def refused(files: dict[str, bytes]) -> str:
    with pytest.raises(InvalidBundle) as error:
        Bundle(PROCESS, files)
    return " ".join(str(finding) for finding in error.value.findings)


def test_sizes_have_a_limit_each_and_together():
    assert "1 MB" in refused({"forms/grande.html": b"x" * (MAX_FILE + 1)})
    assert "5 MB" in refused({f"forms/f{n}.html": b"x" * MAX_FILE for n in range(MAX_BUNDLE // MAX_FILE + 1)})
    assert "200" in refused({f"forms/f{n}.html": b"" for n in range(MAX_FILES + 1)})


def test_a_zip_bomb_is_refused_by_what_it_declares_and_by_what_it_holds():
    with pytest.raises(InvalidBundle):
        Bundle.from_zip(PROCESS, zipped(**{f"forms/f{n}.html": b"0" * MAX_FILE for n in range(9)}))
    lying = bytearray(zipped(**{"forms/f.html": b"0" * (3 * MAX_FILE)}))
    for header in (b"PK\x01\x02", b"PK\x03\x04"):
        at = lying.index(header)
        size_at = at + (24 if header == b"PK\x01\x02" else 22)
        lying[size_at : size_at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(InvalidBundle):
        Bundle.from_zip(PROCESS, bytes(lying))


@pytest.mark.parametrize("data", [b"", b"no soy un zip", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_zip_is_refused(data):
    with pytest.raises(InvalidBundle):
        Bundle.from_zip(PROCESS, data)


def test_hidden_files_and_links_of_a_folder_are_left_out(tmp_path: Path):
    for folder in ("bpmn/uno", "forms/uno", "forms/_base"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "bpmn/uno/proceso.toml").write_text("")
    (tmp_path / "bpmn/uno/.proceso.toml.swp").write_text("")
    (tmp_path / "forms/uno/secreto.txt").symlink_to("/etc/passwd")
    assert list(Bundle.read(tmp_path / "bpmn", tmp_path / "forms", "uno").files) == ["proceso.toml"]


XML = '<?xml version="1.0"?>{}<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="x">{}</process></definitions>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (XML.format('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"), "DOCTYPE"),
        (XML.format('<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>', "&b;"), "DOCTYPE"),
        (XML.format("<!DOCTYPE definitions>", ""), "DOCTYPE"),
        (XML.format('<?xml-stylesheet href="http://x/"?>', ""), "instrucción"),
        (XML.format("", "<?php echo 1 ?>"), "instrucción"),
        (XML.format("", "<sin_cerrar>"), "bien formado"),
        ("", "bien formado"),
        ("hola", "bien formado"),
        (XML.format("", "<a>" * 600 + "</a>" * 600), "bien formado"),
        (XML.format("", "x" * (1024 * 1024)), "1 MB"),
    ],
    ids=[
        "external entity",
        "entities",
        "doctype",
        "stylesheet",
        "instruction",
        "open",
        "empty",
        "text",
        "deep",
        "large",
    ],
)
@pytest.mark.parametrize("file", [DIAGRAM, "tabla.dmn"])
def test_unsafe_xml_is_refused_with_the_mend(file, data, words):
    files = {**dict(good_files()), file: data.encode()}
    if len(data) > MAX_FILE:
        assert words in refused(files)
        return
    findings = check(Bundle(PROCESS, files), CATALOGUE)
    assert any(f.file == file and words in f.problem and f.mend for f in findings), [str(f) for f in findings]


def test_a_diagram_of_another_encoding_is_read_by_what_it_declares():
    latin = dict(good_files())[DIAGRAM].decode().replace("encoding='UTF-8'", "encoding='ISO-8859-1'").encode("latin-1")
    assert check(Bundle(PROCESS, {**dict(good_files()), DIAGRAM: latin}), CATALOGUE) == []


def test_a_missing_diagram_and_manifest_are_told_at_once():
    told = " ".join(str(f) for f in check(Bundle(PROCESS, {"forms/a.txt": b"a"}), CATALOGUE))
    assert "Falta el diagrama" in told
    assert "proceso.toml: Falta el archivo" in told
