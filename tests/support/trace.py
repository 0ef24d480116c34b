"""``./run trace``: each requirement with the tests that carry it. Exit code 1 when one in force has none."""

from __future__ import annotations

import sys
import textwrap

from tests.support.requirements import Requirement, carriers, problems, requirements


def line(requirement: Requirement, tests: list[str]) -> str:
    if requirement.context:
        state = "context"
    elif tests:
        state = f"{len(tests)} test{'s' if len(tests) > 1 else ''}"
    else:
        state = "BARE" if requirement.in_force else "later"
    mark = "*" if requirement.in_force else " "
    text = textwrap.shorten(requirement.text.replace("**", ""), 84, placeholder=" …")
    return "\n".join([f"{requirement.number:>5} {mark} {state:<9} {text}", *(f"{'':18}{test}" for test in tests)])


def main() -> int:
    listed, carried = requirements(), carriers()
    for number, requirement in listed.items():
        print(line(requirement, carried.get(number, [])))
    found = problems(listed, carried)
    force = [requirement for requirement in listed.values() if requirement.in_force]
    print(
        f"\n{len(listed)} requirements, {sum(r.context for r in listed.values())} of them context; "
        f"{len(force)} in force (*), {sum(r.number in carried for r in force)} of them carried; "
        f"{len(carried)} numbers carried by tests in all."
    )
    for problem in found:
        print(f"trace: {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
