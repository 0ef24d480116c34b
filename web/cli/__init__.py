"""``cartulario``: the operator's command. One file per group of commands; each parses, calls one function and prints.

Configuration comes from the environment and ``cartulario.toml``. What goes wrong is one sentence on standard error:
exit code 1 when the work failed or found something, 2 when it was asked for wrongly. A command's module is loaded when
it is called, so that the web never holds the queue's library nor a worker the web's.
"""

import click

from web.cli.frame import Commands

COMMANDS = {
    "actas": "web.cli.actas:actas",
    "archive": "web.cli.archive:archive",
    "audit": "web.cli.audit:audit",
    "backup": "web.cli.backup:backup_command",
    "calendar": "web.cli.calendar:calendar",
    "check": "web.cli.check:check",
    "demo": "web.cli.demo:demo",
    "draw": "web.cli.draw:draw_command",
    "export": "web.cli.export:export",
    "grades": "web.cli.grades:grades",
    "indicators": "web.cli.indicators:indicators",
    "mail": "web.cli.mail:mail",
    "migrate-db": "web.cli.migrate_db:migrate_db",
    "new-service": "web.cli.new_service:new_service_command",
    "operations": "web.cli.operations:operations",
    "person": "web.cli.people:person",
    "publish": "web.cli.publish:publish_command",
    "raci": "web.cli.raci:raci",
    "replay": "web.cli.audit:replay_case",
    "restore": "web.cli.backup:restore_command",
    "skip-numbers": "web.cli.backup:skip_command",
    "serve": "web.cli.serve:serve",
    "trust": "web.cli.trust:trust",
    "verify": "web.cli.verify:verify",
    "work": "web.cli.work:work_command",
}


@click.group(cls=Commands, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cartulario", prog_name="cartulario")
def main() -> None:
    """Cartulario: los servicios de la Carta, ejecutados desde sus diagramas."""
