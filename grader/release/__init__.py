"""What a student gets, derived from what the author wrote: stubs, notebooks, twins and the bundle."""
