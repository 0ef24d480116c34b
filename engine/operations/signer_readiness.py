"""Say whether somebody can sign today, before a document is sent to be signed (R-23)."""

from __future__ import annotations

from pydantic import Field

from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.people import people_with_role
from engine.signing import certificate_problem, current_certificate

MOST = 12  # signers looked at


class Readiness(BaseParameters):
    role: str = Field(description="La función que firma, como autoridad_departamental:quimica.", min_length=1)


class SignersReady(BaseResult):
    listo: bool = Field(description="Alguien puede firmar hoy.")
    problemas: list[str] = Field(
        description="Qué le impide firmar a cada quien que no puede; para quien debe resolverlo."
    )
    firmantes: list[dict[str, str]] = Field(description="Quienes pueden: id y nombre.")


class SignerReadiness(Operation[Readiness]):
    name = "signer_readiness"
    summary = (
        "Comprueba que quien debe firmar tenga un certificado presente, confiable, vigente y que no esté por vencer."
    )
    Parameters = Readiness
    Result = SignersReady

    def run(self, parameters: Readiness, call: Call) -> SignersReady:
        tools = call.tools
        now = tools.clock.now()
        with tools.database.read() as conn:
            on = now.astimezone(tools.config.zone).date()
            people = people_with_role(conn, parameters.role, on, call.process)[:MOST]
            certificates = {person.id: current_certificate(conn, person.id) for person in people}
        if not people:
            return SignersReady(listo=False, problemas=["Nadie ejerce hoy la función que debe firmar."], firmantes=[])
        ready, problems = [], []
        for person in people:
            problem = certificate_problem(certificates[person.id], tools.signing, now)
            if problem is None:
                ready.append({"id": str(person.id), "nombre": person.full_name})
            else:
                problems.append(f"{person.full_name}: {problem}.")
        return SignersReady(listo=bool(ready), problemas=problems, firmantes=ready)
