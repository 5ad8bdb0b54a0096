"""nbgrader: the course as nbgrader's own, and two ways to grade it.

``course`` writes the course folder. ``configuration`` is what its ``nbgrader_config.py`` calls; with it plain
``nbgrader autograde`` grades by this engine. ``record`` puts a class that ``grader grade`` graded into nbgrader's
gradebook. ``repair`` makes a notebook that nbgrader can hold out of whatever was handed in. The package nbgrader is
imported by ``configuration``, ``plugins`` and ``record`` only.
"""
