"""Definitions: a bundle, its check, its versions, its scenarios. ``app.py`` hands in the catalogue of operations."""

from engine.definitions.bundle import Bundle
from engine.definitions.check import check
from engine.definitions.finding import Finding
from engine.definitions.manifest import DocumentType, Manifest, Product, parse_manifest
from engine.definitions.new_service import new_service
from engine.definitions.publish import publish
from engine.definitions.scenarios import PRODUCTS, Scenario, Step, parse_scenarios
from engine.definitions.shared import Shared, left_behind, shared_diagrams
from engine.definitions.store import Definition, DefinitionStore, Version, make_definition
from engine.definitions.whole import whole_drawing

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
    "Shared",
    "Step",
    "Version",
    "check",
    "left_behind",
    "make_definition",
    "new_service",
    "parse_manifest",
    "parse_scenarios",
    "publish",
    "shared_diagrams",
    "whole_drawing",
]
