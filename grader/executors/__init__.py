"""Where sessions run: processes of this machine."""
