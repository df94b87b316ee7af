"""Text with strokes beneath that make it look bold, or part it from what it stands on; it stays text in a PDF."""

from typing import Any

from matplotlib.backend_bases import RendererBase
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text


class StrongText(Text):
    """A text with a stroke of its own colour and a halo of white, both in points; 0 is none."""

    def __init__(self, *args: Any, stroke: float = 0, halo: float = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.strokes = {"white": halo, "own": stroke}

    def draw(self, renderer: RendererBase) -> None:
        """Draw outline and shape as paths, which are spaced alike, then the text itself, unseen."""
        ground = self.get_bbox_patch()
        strokes = [Stroke(linewidth=points, foreground=self.get_color() if colour == "own" else colour)
                   for colour, points in self.strokes.items() if points]  # fmt: skip
        if strokes:
            self.set_path_effects([*strokes, Normal()])
            super().draw(renderer)
            self.set(path_effects=[], alpha=0)
            if ground:
                ground.set_visible(False)  # once is enough: a second one would cover the first pass
        super().draw(renderer)
        self.set_alpha(None)
        if ground:
            ground.set_visible(True)
