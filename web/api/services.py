"""Who I am, and which services the institution offers."""

from __future__ import annotations

from apiflask import APIBlueprint

from engine.definitions import Definition
from web.api.auth import auth, person, viewer
from web.api.schemas import Me, ProductOut, Service, ServiceForm, ServiceList
from web.current import cartulario

services = APIBlueprint("services", __name__, tag="Servicios")


def to_service(definition: Definition) -> Service:
    about = definition.manifest.process
    return Service(
        process=definition.process,
        version=definition.number,
        title=definition.title,
        description=about.description,
        service=about.service,
        profiles=list(about.profiles),
        products=[ProductOut.model_validate(product) for product in definition.manifest.products],
    )


@services.get("/me")
@services.auth_required(auth)
@services.output(Me)
@services.doc(summary="Quién soy y qué funciones tengo hoy")
def me() -> Me:
    who, roles = person(), sorted(viewer().roles)
    names = {name: getattr(who, name) for name in Me.model_fields if name != "roles"}
    return Me(**names, roles=roles)


@services.get("/services")
@services.auth_required(auth)
@services.output(ServiceList)
@services.doc(summary="Los servicios publicados")
def list_services() -> ServiceList:
    return ServiceList(items=[to_service(definition) for definition in cartulario().definitions.catalogue()])


@services.get("/services/<name:process>")
@services.auth_required(auth)
@services.output(ServiceForm)
@services.doc(summary="Un servicio y las reglas de su solicitud")
def get_service(process: str) -> ServiceForm:
    definition = cartulario().definitions.current(process)
    form = definition.start_form
    return ServiceForm(**to_service(definition).model_dump(), form=form.json_schema({}) if form else None)
