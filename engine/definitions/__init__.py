"""Definitions: a bundle, its check, its versions, its scenarios. ``app.py`` hands in the catalogue of operations."""

from engine.definitions.bundle import Bundle
from engine.definitions.check import check
from engine.definitions.finding import Finding
from engine.definitions.manifest import DocumentType, Manifest, Product, parse_manifest
from engine.definitions.new_service import new_service
from engine.definitions.publish import publish
from engine.definitions.scenarios import PRODUCTS, Scenario, Step, parse_scenarios
from engine.definitions.store import Definition, DefinitionStore, Version, make_definition

__all__ = [
    "PRODUCTS",
    "Bundle",
    "Definition",
    "DefinitionStore",
    "DocumentType",
    "Finding",
    "Manifest",
    "Product",
    "Scenario",
    "Step",
    "Version",
    "check",
    "make_definition",
    "new_service",
    "parse_manifest",
    "parse_scenarios",
    "publish",
]
