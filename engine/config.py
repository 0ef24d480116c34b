"""Configuration, read once from the environment (``CARTULARIO_…``) or ``cartulario.toml``; secrets from the former."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

ROOT = Path(__file__).resolve().parent.parent


class MailAccount(BaseModel):
    """One of the office's addresses: letters leave from it and, when it names an IMAP server, are read from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str
    name: str = ""
    imap_host: str | None = None  # none: nobody reads it
    imap_port: int = 993
    imap_tls: Literal["tls", "starttls", "off"] = "tls"
    imap_user: str | None = None  # the address when none
    imap_password: SecretStr | None = None
    imap_password_file: Path | None = None  # … or the first line of a file
    imap_folder: str = "INBOX"
    imap_done_folder: str | None = None  # where a letter goes once it is stored; none: it stays, marked as seen


class Config(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="CARTULARIO_", toml_file="cartulario.toml", extra="forbid")

    # where things are
    database_url: str = f"sqlite:///{ROOT / 'var' / 'cartulario.db'}"
    data_dir: Path = ROOT / "var"  # archive/, uploads, keys
    bpmn_dir: Path = ROOT / "bpmn"
    forms_dir: Path = ROOT / "forms"
    demo: bool = False  # marks every page DEMO and shows the demo's mail page
    clock_file: Path | None = None  # demo and drills only: seconds by which every process's clock is moved

    # the institution
    institution: str = "Universidad Nacional del Estuario"
    unit: str = "Secretaría General"
    country: Literal["EC", "AR"] = "EC"
    subdivision: str | None = None  # ISO 3166-2 part, for local holidays of the holidays package
    place: str = "Milagro"
    timezone: str = "America/Guayaquil"
    office_opens: str = "08:00"
    office_closes: str = "17:00"
    public_url: str = "http://127.0.0.1:8000"

    # the web
    secret_key: SecretStr | None = None  # made and kept in data_dir when absent
    max_upload: int = 10 * 1024 * 1024  # bytes, one file
    session_hours: int = 10
    secure_cookies: bool = False

    # mail
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = False
    mail_from: str = "secretaria.general@une.example"
    mail_accounts: dict[str, MailAccount] = Field(default_factory=dict)  # by role: actas, departamento:…
    mail_authserv_id: str | None = None  # whose Authentication-Results are believed: one's own mail server
    mail_dkim_dns: bool = False  # whether keys of DKIM signatures are asked of the DNS
    mail_max_size: int = 40 * 1024 * 1024  # bytes of a letter; a larger one stays on its server, and is shown
    mail_patience_hours: float = 72.0  # a letter waits so long for a mail server that is away; then a person decides
    mail_poll_seconds: float = 60.0  # between two looks at a server that does not tell (IDLE)

    # signature
    seal_p12: Path | None = None  # the institution's seal: a PKCS#12 file …
    seal_pkcs11: str | None = None  # … or a key in a token, "/path/of/library.so:token:label"
    seal_pin: SecretStr | None = None
    tsa_url: str | None = None
    trust_dir: Path | None = None
    revocation: Literal["require", "soft-fail", "off"] = "require"
    clamd: str | None = None  # "host:port" of a ClamAV daemon

    # exam actas (Resolución CSU-142/21)
    actas_unit: str = "Secretaría General de Posgrado y Educación Continua"  # in the header of each acta
    libro_capacity: int = Field(default=500, ge=1, le=9_999)  # folios of a libro
    grade_scale: Literal["uns", "uns_decimal", "unemi"] = "uns"  # of engine/actas/examen/escala.py
    publication_from: date = date(2026, 1, 5)  # the first day on which grades are shown to students …
    publication_days: int = Field(default=10, ge=1, le=366)  # … then every so many calendar days …
    publication_time: time = time(6)  # … at this time of the institution
    alternative_forms_from: date = date(
        2020, 1, 1
    )  # copies signed in alternative forms are valid when issued from …
    alternative_forms_until: date = date(2021, 4, 15)  # … to the day on which the Resolución came into force
    digitised_before: date = date(2020, 1, 1)  # actas issued before this day are digitised

    # adapters
    academic_records: Path | None = None  # folder of CSV/JSON files, see docs/records.md
    academic_records_url: str | None = None  # … or a service, "https://siga.example/registros/{identidad}"
    academic_records_token: SecretStr | None = None
    academic_records_seconds: float = 10.0  # how long either may take

    # work
    worker_concurrency: int = 8
    job_attempts: int = 5

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
