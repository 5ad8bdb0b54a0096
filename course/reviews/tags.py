"""What a code review says about a student's mastery, by the tags of the study material."""

from __future__ import annotations

from typing import Final

from course.reviews.released import PREFIX

REVIEW_TAGS: Final = {
    "training_loop": ("training",),
    "frozen_backbone": ("transfer", "normalisation"),
    "residual_block": ("architectures",),
    "classifier_head": ("training", "architectures"),
    "model_builder": ("architectures",),
    "dataset": ("augmentation",),
    "cutmix": ("augmentation",),
    "evaluation": ("evaluation",),
    "schedule_amp": ("fine-tuning", "training"),
    "preprocessing": ("augmentation",),
    "ema": ("fine-tuning",),
    "data_split": ("evaluation",),
    "grad_cam": ("features",),
    "sharded_sampler": ("training",),
    "accumulation": ("training",),
}


def tags_of(slug: str) -> tuple[str, ...]:
    """The tags of a review; none for one that is not of this course."""
    return REVIEW_TAGS.get(slug.removeprefix(PREFIX), ())
