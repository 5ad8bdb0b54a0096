# /// attack
# tries = "claim other encodings in comments, and use form feeds and odd line ends"
# answer = "right"
# ///

# -*- coding: utf-7 -*-
# vim: set fileencoding=rot13 :
say("coded")
# +AGkAbQBwAG8AcgB0- os
