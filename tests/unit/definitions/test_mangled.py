"""A diagram mangled at random is refused or drawn; it never breaks the check."""

import copy
import random

import pytest
from lxml import etree

from engine.definitions import Bundle, check
from engine.definitions.finding import Finding
from engine.definitions.layout import draw
from engine.operations import CATALOGUE
from tests.unit.definitions.samples import DIAGRAM, PROCESS, good_files

VALUES = ["", "x", "procede", "-1", "true", "{{", "resolver_solicitud", "ñ", "x" * 5_000]
TEXTS = [None, "", "x +", '"a"', "1", "tramite", "P5D", "(" * 200]


def mangle(data: bytes, chance: random.Random) -> bytes:
    root = etree.fromstring(data)
    for _ in range(chance.randint(1, 4)):
        every = [x for x in root.iter() if isinstance(x.tag, str) and x is not root]
        one, other = chance.choice(every), chance.choice(every)
        match chance.randrange(7):
            case 0:
                one.getparent().remove(one)
            case 1 if one.attrib:
                del one.attrib[chance.choice(list(one.attrib))]
            case 2 if one.attrib:
                one.set(chance.choice(list(one.attrib)), chance.choice(VALUES))
            case 3:
                one.tag = other.tag
            case 4:
                one.text = chance.choice(TEXTS)
            case 5:
                one.addnext(copy.deepcopy(one))
            case 6 if one not in list(other.iterancestors()) and other is not one:
                other.append(one)
    return etree.tostring(root)


@pytest.mark.parametrize("seed", range(60))
def test_a_mangled_diagram_never_breaks_the_check_nor_the_drawing(seed):
    mangled = mangle(dict(good_files())[DIAGRAM], random.Random(seed))
    findings = check(Bundle(PROCESS, {**dict(good_files()), DIAGRAM: mangled}), CATALOGUE)
    assert all(isinstance(finding, Finding) and str(finding) for finding in findings)
    etree.fromstring(draw(mangled))
