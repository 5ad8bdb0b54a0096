"""From a folder of submissions to a gradebook: what is found, what is graded again, what is written."""
