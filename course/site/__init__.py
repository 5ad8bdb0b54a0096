"""The study site: pages over what ``course.study`` and ``course.checks`` know, for one student on one machine."""
