"""Every change of the gradebook's schema, oldest first, in ``versions``.

To change the schema: edit ``schema.py``, raise its HEAD by one, and write the step from the last HEAD to the new one as
``versions/vNNNN_what_changes.py``. A test holds the migrated schema against ``schema.py``.
"""
