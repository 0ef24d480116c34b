"""Definitions: a bundle, its check, its versions, its scenarios. ``app.py`` hands in the catalogue of operations."""

from engine.definitions.bundle import Bundle
from engine.definitions.finding import Finding
from engine.definitions.manifest import DocumentType, Manifest, Product, parse_manifest

__all__ = ["Bundle", "DocumentType", "Finding", "Manifest", "Product", "parse_manifest"]
