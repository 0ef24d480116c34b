"""What every command shares: being found by name, the configuration, and errors as one sentence."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from typing import Any

import click
from pydantic import ValidationError

from engine.config import Config
from engine.errors import CartularioError, InvalidAnswers, InvalidBundle


class Commands(click.Group):
    """A group whose commands are loaded when called, and whose engine errors end as a sentence and exit code 1."""

    def __init__(self, *arguments: Any, places: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.places = places  # name → "module:attribute"

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self.places.get(cmd_name)
        if place is None:
            return None
        command = pkgutil.resolve_name(place)
        if not isinstance(command, click.Command):
            raise TypeError(f"{place} is no command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InvalidBundle as error:
            raise click.ClickException("\n  ".join([error.message, *map(str, error.findings)])) from error
        except InvalidAnswers as error:
            raise click.ClickException(" ".join(error.errors.values())) from error
        except CartularioError as error:
            raise click.ClickException(error.message) from error


def read_config() -> Config:
    """The configuration; what is wrong in it is named, and ends the command with exit code 2."""
    try:
        return Config()
    except ValidationError as error:
        faults = "; ".join(
            f"CARTULARIO_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        raise click.UsageError(f"La configuración no es válida. {faults}") from error
