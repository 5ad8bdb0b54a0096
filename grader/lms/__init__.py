"""The course inside the tools that instructors already use: nbgrader, learning management systems, forges."""
