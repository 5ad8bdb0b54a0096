"""Where CNNs are known: the study material, and the command that students use."""
