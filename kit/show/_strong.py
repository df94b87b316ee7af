"""Text with a stroke beneath that makes it look bold and leaves it text, so that a PDF can select it."""

from matplotlib.backend_bases import RendererBase
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text


class StrongText(Text):
    """A text that looks bold when ``stroke`` (points) is above 0."""

    def __init__(self, *args: object, stroke: float = 0, **options: object) -> None:
        super().__init__(*args, **options)
        self.stroke = stroke

    def draw(self, renderer: RendererBase) -> None:
        """Draw outline and shape as paths, which are spaced alike, then the text itself, unseen."""
        ground = self.get_bbox_patch()
        if self.stroke:
            self.set_path_effects([Stroke(linewidth=self.stroke, foreground=self.get_color()), Normal()])
            super().draw(renderer)
            self.set(path_effects=[], alpha=0)
            if ground:
                ground.set_visible(False)  # once is enough: a second one would cover the first pass
        super().draw(renderer)
        self.set_alpha(None)
        if ground:
            ground.set_visible(True)
