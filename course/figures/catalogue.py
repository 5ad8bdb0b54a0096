"""All figures: which lesson each belongs to, its file's name, and what draws it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from course.figures import arithmetic, convolution, images, layers, networks, pooling, race, training
from course.figures.reference import SOLUTIONS
from course.figures.svg import Sheet


class Figure(NamedTuple):
    """A figure of the lesson ``slug``."""

    slug: str
    name: str
    draw: Callable[[], Sheet]

    @property
    def file(self) -> Path:
        """Where it is checked in."""
        return SOLUTIONS / self.slug / "figures" / f"{self.name}.svg"


FIGURES = (
    Figure("conv_arithmetic", "output_size", arithmetic.output_size),
    Figure("conv_arithmetic", "receptive_field", arithmetic.receptive_field),
    Figure("convolution", "sliding", convolution.sliding),
    Figure("im2col", "matrix", convolution.im2col),
    Figure("convolution_backward", "scatter", convolution.scatter),
    Figure("conv_variants", "groups", convolution.groups),
    Figure("pooling", "windows", pooling.windows),
    Figure("pooling_backward", "routing", pooling.routing),
    Figure("init_and_loss", "spread", layers.spread),
    Figure("batchnorm_dropout", "axes", layers.axes),
    Figure("vgg", "vgg16", networks.vgg),
    Figure("residual_block", "blocks", networks.blocks),
    Figure("resnet", "stages", networks.stages),
    Figure("feature_maps", "grad_cam", images.grad_cam),
    Figure("augmentation", "variants", images.augmentation),
    Figure("mixing", "mixtures", images.mixing),
    Figure("transfer_head", "race", race.race),
    Figure("fine_tuning_setup", "schedules", training.schedules),
    Figure("fine_tuning_setup", "unfreezing", training.unfreezing),
    Figure("fine_tuning_loop", "accumulation", training.accumulation),
    Figure("fine_tuning_loop", "stopping", training.stopping),
)
