"""The inbox shows the desk to whom the commands let file there: the two may not import each other, so it is said twice."""

from engine.cases.intake import INTAKE_ROLES
from engine.inbox.viewer import INTAKE


def test_the_inbox_and_the_commands_name_the_same_roles():
    assert INTAKE == INTAKE_ROLES
