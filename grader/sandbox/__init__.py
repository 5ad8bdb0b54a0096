"""The trusted side of the wall: what a worker may see, how its zygote is started, and what this host enforces."""
