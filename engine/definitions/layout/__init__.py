"""Draw a diagram that has no drawing: lanes, columns by longest path, orthogonal lines that touch nothing.

Called by ``new_service`` and ``cartulario draw``; process owners adjust the result in the modeler. Only the drawing
part of the file is replaced. The same diagram gives the same drawing.
"""

from engine.definitions.layout.drawing import draw

__all__ = ["draw"]
